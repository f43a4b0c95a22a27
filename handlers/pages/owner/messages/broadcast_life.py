"""Leading a broadcast: tried on oneself, sent, halted, stopped."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts
from handlers.actions.broadcasts import leading
from handlers.actions.broadcasts.queueing import choose_arm
from handlers.actions.broadcasts.trying import try_broadcast
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import one_width

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from .broadcasts import broadcast_page, sure_page

_STEPS: dict[str, Callable[[Work, int], Refusal | None]] = {
    "take_back": leading.take_back,
    "pause": leading.pause,
    "go_on": leading.resume,
    "stop": leading.stop,
}


@pages.post("/broadcasts/<int:broadcast_id>/try", endpoint="try_broadcast")
@owner_page
def try_on(broadcast_id: int) -> ResponseReturnValue:
    typed = forms.field("card", 40)
    card = "".join(char for char in one_width(typed) if char.isdigit())
    with forms.form_work() as work:
        no = try_broadcast(work, broadcast_id, card)
    return _answer(broadcast_id, no, "tried", typed)


@pages.post("/broadcasts/<int:broadcast_id>/send", endpoint="send_broadcast")
@owner_page
def send(broadcast_id: int) -> ResponseReturnValue:
    """Now, or at the moment that the form says."""
    revision = forms.number("revision") or 0
    is_later = request.form.get("when") == "later"
    if not is_later and (asking := sure_page(broadcast_id, revision)):
        return asking
    with forms.form_work() as work:
        if is_later:
            no = leading.send_at(work, broadcast_id, forms.moment("at"), revision=revision)
        else:
            no = leading.send(work, broadcast_id, revision=revision)
    return _answer(broadcast_id, no, "later" if is_later else "sent")


@pages.post("/broadcasts/<int:broadcast_id>/lead", endpoint="lead_broadcast")
@owner_page
def lead(broadcast_id: int) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step not in _STEPS:
        return broadcast_page(broadcast_id)
    with forms.form_work() as work:
        no = _STEPS[step](work, broadcast_id)
    if no is None:
        _follow(broadcast_id, step)
    return _answer(broadcast_id, no, step)


@pages.post("/broadcasts/<int:broadcast_id>/choose", endpoint="choose_broadcast")
@owner_page
def choose(broadcast_id: int) -> ResponseReturnValue:
    """Sends that version to all others."""
    with forms.form_work() as work:
        no = choose_arm(work, broadcast_id, forms.field("arm", 1))
    return _answer(broadcast_id, no, "chosen")


def _follow(broadcast_id: int, step: str) -> None:
    """What needs no long transaction; should we die here, the clock does it."""
    club = current_club()
    with club.store.read() as uow:
        stored = broadcasts.get(uow, broadcast_id)
    if stored is None:
        return
    if step == "stop":
        leading.withdraw_unsent(club.store, stored)
    if step == "go_on":
        leading.wake_halted(club.store, stored, club.now())


def _answer(
    broadcast_id: int, no: Refusal | None, done: str, card: str = ""
) -> ResponseReturnValue:
    if no is not None:
        return broadcast_page(broadcast_id, refusal_line(no.code), card)
    return redirect(url_for("owner.broadcast", broadcast_id=broadcast_id, done=done), 303)
