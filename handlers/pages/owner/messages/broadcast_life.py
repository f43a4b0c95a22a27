"""Leading a broadcast: tried on oneself, sent, halted, stopped."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts
from handlers.actions.broadcasts import leading
from handlers.actions.broadcasts.trying import try_broadcast
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import one_width

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from .broadcasts import broadcast_page

_STEPS: dict[str, Callable[[Work, int], Refusal | None]] = {
    "take_back": leading.take_back,
    "pause": leading.pause,
    "go_on": leading.resume,
    "stop": leading.stop,
}


@pages.post("/broadcasts/<int:number>/try", endpoint="try_broadcast")
@owner_page
def try_on(number: int) -> ResponseReturnValue:
    typed = forms.field("card", 40)
    card = "".join(char for char in one_width(typed) if char.isdigit())
    with forms.form_work() as work:
        no = try_broadcast(work, number, card)
    return _answer(number, no, "tried", typed)


@pages.post("/broadcasts/<int:number>/send", endpoint="send_broadcast")
@owner_page
def send(number: int) -> ResponseReturnValue:
    """Now, or at the moment that the form says."""
    revision = forms.number("revision") or 0
    is_later = request.form.get("when") == "later"
    with forms.form_work() as work:
        if is_later:
            no = leading.send_at(work, number, forms.moment("at"), revision=revision)
        else:
            no = leading.send(work, number, revision=revision)
    return _answer(number, no, "later" if is_later else "sent")


@pages.post("/broadcasts/<int:number>/lead", endpoint="lead_broadcast")
@owner_page
def lead(number: int) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step not in _STEPS:
        return broadcast_page(number)
    with forms.form_work() as work:
        no = _STEPS[step](work, number)
    if no is None:
        _follow(number, step)
    return _answer(number, no, step)


def _follow(number: int, step: str) -> None:
    """What needs no long transaction; should we die here, the clock does it."""
    club = current_club()
    with club.store.read() as uow:
        stored = broadcasts.get(uow, number)
    if stored is None:
        return
    if step == "stop":
        leading.withdraw_unsent(club.store, stored)
    if step == "go_on":
        leading.wake_halted(club.store, stored, club.now())


def _answer(number: int, no: Refusal | None, done: str, card: str = "") -> ResponseReturnValue:
    if no is not None:
        return broadcast_page(number, refusal_line(no.code), card)
    return redirect(url_for("owner.broadcast", number=number, done=done), 303)
