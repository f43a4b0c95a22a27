"""Writing a broadcast: a form, and beside it the phone on which it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts, crowds
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.messages.crowds import CrowdAsked
from handlers.actions.broadcasts.writing import add_broadcast, change_broadcast
from rules.broadcasts.broadcast import PLACEHOLDERS, Broadcast
from rules.broadcasts.life import Crowd
from rules.checking.caution import Problem
from rules.editing import labels
from rules.editing.broadcasts import CONTROLS, by_field, read_broadcast, values_of
from rules.editing.fields import Filled
from rules.editing.typed import NOTHING, read

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from .broadcast_phone import phone

#: What is asked of every broadcast; the rest stands folded below.
_FIRST = ("name", "title", "body", "whom")
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TypedBroadcast:
    """What stands in a form: of which draft, of which revision, and what is to be said of it."""

    values: Mapping[str, Any]
    number: int | None = None
    revision: int = 0
    wrong: tuple[Problem, ...] = ()
    refused: str = ""
    #: What it comes to; None while it can't be so.
    read: Broadcast | None = field(default=None)


@pages.get("/broadcasts/new", endpoint="new_broadcast")
@owner_page
def open_new() -> ResponseReturnValue:
    return _page(TypedBroadcast(NOTHING))


@pages.post("/broadcasts/new", endpoint="save_new_broadcast")
@owner_page
def save_new() -> ResponseReturnValue:
    typed = _typed()
    if typed.read is None:
        return _page(typed)
    with forms.form_work() as work:
        number = add_broadcast(work, typed.read)
    return redirect(url_for("owner.broadcast", number=number, done="saved"), 303)


@pages.get("/broadcasts/<int:number>/edit", endpoint="edit_broadcast")
@owner_page
def open_draft(number: int) -> ResponseReturnValue:
    stored = draft_or_none(number)
    if stored is None:
        return redirect(url_for("owner.broadcast", number=number), 303)
    values = values_of(stored.broadcast)
    return _page(TypedBroadcast(values, number, stored.revision, read=stored.broadcast))


@pages.post("/broadcasts/<int:number>/edit", endpoint="save_broadcast")
@owner_page
def save_draft(number: int) -> ResponseReturnValue:
    typed = _typed(number)
    if typed.read is None:
        return _page(typed)
    with forms.form_work() as work:
        no = change_broadcast(work, number, typed.read, revision=typed.revision)
    if no is not None:
        return _page(_refused(typed, no.code))
    return redirect(url_for("owner.broadcast", number=number, done="saved"), 303)


@pages.post("/broadcasts/look", endpoint="look_broadcast")
@owner_page
def look() -> ResponseReturnValue:
    """The phone as of what is typed, how many it finds, and what is wrong. For the page's
    script."""
    return _page(_typed(), template="broadcast_look")


def draft_or_none(number: int) -> StoredBroadcast | None:
    """The broadcast, while it is a draft. 404 for none at all."""
    with current_club().store.read() as uow:
        stored = broadcasts.get(uow, number)
    if stored is None:
        not_found()
    return stored if stored.state == "draft" else None


def crowd_of(broadcast: Broadcast) -> Crowd:
    """Whom it finds now: one statement."""
    club = current_club()
    now, programme = club.now(), current_programme()
    asked = CrowdAsked(broadcast.whom, programme.shop, programme.shop.business_date(now))
    with club.store.read() as uow:
        return crowds.count(uow, asked, programme.sending, now)


def _typed(number: int | None = None) -> TypedBroadcast:
    form = {name: request.form.getlist(name) for name in request.form}
    values = read(CONTROLS, form)
    done = read_broadcast(values)
    revision = forms.number("revision") or 0
    if isinstance(done, Broadcast):
        return TypedBroadcast(values, number, revision, read=done)
    return TypedBroadcast(values, number, revision, done)


def _refused(typed: TypedBroadcast, code: str) -> TypedBroadcast:
    return TypedBroadcast(
        typed.values, typed.number, typed.revision, refused=refusal_line(code), read=typed.read
    )


def _page(typed: TypedBroadcast, *, template: str = "broadcast_form") -> ResponseReturnValue:
    words = words_now()
    wrong = typed.wrong
    if template == "broadcast_look":
        # While somebody is typing, what isn't there yet isn't missing.
        wrong = tuple(each for each in wrong if each.code != _MISSING)
    problems = by_field(words, wrong)
    fields = Filled(typed.values, problems).fields(CONTROLS)
    status = 422 if typed.wrong and template != "broadcast_look" else 409 if typed.refused else 200
    return layout.page(
        template,
        status=status,
        typed=typed,
        fields=fields,
        first=[each for each in fields if each.control.key in _FIRST],
        later=[each for each in fields if each.control.key not in _FIRST],
        problem=problems.get("", ""),
        placeholders=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        labels=labels,
        words=words,
        phone=phone(typed.read),
        crowd=crowd_of(typed.read) if typed.read else None,
        new_key=forms.new_key,
    )
