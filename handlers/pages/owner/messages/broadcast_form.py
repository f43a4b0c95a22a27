"""Writing a broadcast: a form, and beside it the phone on which it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts, crowds, segments
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.messages.crowds import asked_for
from bot.store.messages.segments import Segment
from handlers.actions.broadcasts.writing import add_broadcast, change_broadcast
from rules.broadcasts.broadcast import PLACEHOLDERS, Broadcast, Whom
from rules.broadcasts.life import Crowd
from rules.characters import whole_number
from rules.checking.caution import Problem
from rules.editing import labels
from rules.editing.broadcasts import (
    CONTROLS,
    FILTER,
    by_field,
    read_broadcast,
    read_whom,
    values_of,
    whom_in_words,
)
from rules.editing.fields import Filled
from rules.editing.own_words import explained
from rules.editing.typed import read

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.blueprint import takes_pictures
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from ..programme.handed_in import art_address, handed_in
from .broadcast_phone import phones

#: What is asked of every broadcast; the rest stands folded below.
_FIRST = ("name", "title", "body", "picture", "whom")
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TypedBroadcast:
    """What stands in a form: of which draft, of which revision, and what is to be said of it."""

    values: Mapping[str, Any]
    broadcast_id: int | None = None
    revision: int = 0
    wrong: tuple[Problem, ...] = ()
    refused: str = ""
    #: What it comes to; None while it can't be so.
    read: Broadcast | None = None
    #: Which pictures can't be used, and why, by the field; and for which fields one could be.
    unusable: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()


@pages.get("/broadcasts/new", endpoint="new_broadcast")
@owner_page
def open_new() -> ResponseReturnValue:
    """An empty form; to those whom a filter finds, where the address says one."""
    return _page(TypedBroadcast(_meant()))


@pages.post("/broadcasts/new", endpoint="save_new_broadcast")
@owner_page
@takes_pictures
def save_new() -> ResponseReturnValue:
    typed = _typed()
    if typed.read is None:
        return _page(typed)
    with forms.form_work() as work:
        broadcast_id = add_broadcast(work, typed.read)
    return redirect(url_for("owner.broadcast", broadcast_id=broadcast_id, done="saved"), 303)


@pages.get("/broadcasts/<int:broadcast_id>/edit", endpoint="edit_broadcast")
@owner_page
def open_draft(broadcast_id: int) -> ResponseReturnValue:
    stored = draft_or_none(broadcast_id)
    if stored is None:
        return redirect(url_for("owner.broadcast", broadcast_id=broadcast_id), 303)
    values = values_of(stored.broadcast)
    return _page(TypedBroadcast(values, broadcast_id, stored.revision, read=stored.broadcast))


@pages.post("/broadcasts/<int:broadcast_id>/edit", endpoint="save_broadcast")
@owner_page
@takes_pictures
def save_draft(broadcast_id: int) -> ResponseReturnValue:
    typed = _typed(broadcast_id)
    if typed.read is None:
        return _page(typed)
    with forms.form_work() as work:
        no = change_broadcast(work, broadcast_id, typed.read, revision=typed.revision)
    if no is not None:
        return _page(_refused(typed, no.code))
    return redirect(url_for("owner.broadcast", broadcast_id=broadcast_id, done="saved"), 303)


@pages.post("/broadcasts/look", endpoint="look_broadcast")
@owner_page
@takes_pictures
def look() -> ResponseReturnValue:
    """The phone as of what is typed, how many it finds, and what is wrong. For the page's
    script."""
    return _page(_typed(), template="broadcast_look")


def draft_or_none(broadcast_id: int) -> StoredBroadcast | None:
    """The broadcast, while it is a draft. 404 for none at all."""
    with current_club().store.read() as uow:
        stored = broadcasts.get(uow, broadcast_id)
    if stored is None:
        not_found()
    return stored if stored.state == "draft" else None


def crowd_of(broadcast: Broadcast) -> Crowd:
    """Whom it finds now: one statement. Nobody, where the filter that it names is gone."""
    club = current_club()
    now, programme = club.now(), current_programme()
    day = programme.shop.business_date(now)
    with club.store.read() as uow:
        segment = segments.get(uow, broadcast.segment) if broadcast.segment else None
        if broadcast.segment and segment is None:
            return Crowd({})
        also = (segment.whom,) if segment else ()
        asked = asked_for(programme, broadcast.whom, day, also)
        return crowds.count(uow, asked, programme.sending, now)


def segment_of(broadcast: Broadcast) -> Segment | None:
    """The filter with a name that it goes to, as it is now; None where it names none, or one that
    is gone."""
    with current_club().store.read() as uow:
        return segments.get(uow, broadcast.segment) if broadcast.segment else None


def _typed(broadcast_id: int | None = None) -> TypedBroadcast:
    art = handed_in()
    values = read(CONTROLS, art.form)
    chosen = whole_number("".join(art.form.get("segment", ())[-1:]), 9)
    if chosen:
        values["segment"] = chosen
    done = read_broadcast(values)
    typed = TypedBroadcast(
        values, broadcast_id, forms.number("revision") or 0, unusable=art.unusable, taken=art.taken
    )
    if not isinstance(done, Broadcast):
        return replace(typed, wrong=done)
    return typed if art.unusable else replace(typed, read=done)


def _meant() -> Mapping[str, Any]:
    """Whom the address names, as the form has it."""
    given = dict(request.args.lists())
    whom = read_whom(read(FILTER, given))
    values: dict[str, Any] = {}
    if isinstance(whom, Whom) and not whom.is_everybody:
        values["whom"] = values_of(whom)
    chosen = whole_number("".join(given.get("segment", ())[-1:]), 9)
    return values | ({"segment": chosen} if chosen else {})


def _meant_line(typed: TypedBroadcast) -> str:
    """Whom the form goes to as it is opened, and how many these are; empty for everybody."""
    whom = read_whom(typed.values.get("whom", {}))
    is_new = typed.values and not set(typed.values) - {"whom", "segment"}
    if not is_new or not isinstance(whom, Whom):
        return ""
    segment_id = typed.values.get("segment")
    with current_club().store.read() as uow:
        segment = segments.get(uow, segment_id) if segment_id else None
        day = current_programme().shop.business_date(current_club().now())
        asked = asked_for(current_programme(), whom, day, (segment.whom,) if segment else ())
        many = crowds.size(uow, asked)
    said = [*whom_in_words(owner_words(), whom), *([segment.name] if segment else [])]
    return owner_words().say("owner.broadcasts.meant", whom="　".join(said), count=many)


def _segments() -> list[Segment]:
    with current_club().store.read() as uow:
        return segments.every(uow)


def _refused(typed: TypedBroadcast, code: str) -> TypedBroadcast:
    return replace(typed, refused=refusal_line(code))


def _page(typed: TypedBroadcast, *, template: str = "broadcast_form") -> ResponseReturnValue:
    words = owner_words()
    wrong = typed.wrong
    if template == "broadcast_look":
        # While somebody is typing, what isn't there yet isn't missing.
        wrong = tuple(each for each in wrong if each.code != _MISSING)
    problems = by_field(words, wrong) | dict(typed.unusable)
    fields = Filled(typed.values, problems).fields(CONTROLS)
    is_wrong = typed.wrong or typed.unusable
    status = 422 if is_wrong and template != "broadcast_look" else 409 if typed.refused else 200
    return layout.page(
        template,
        status=status,
        typed=typed,
        fields=fields,
        first=[each for each in fields if each.control.key in _FIRST],
        later=[each for each in fields if each.control.key not in _FIRST],
        problem=problems.get("", ""),
        is_wrong=status == 422,
        placeholders=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        placeholders_told=explained(words, PLACEHOLDERS),
        labels=labels,
        words=words,
        phones=phones(typed.read),
        crowd=crowd_of(typed.read) if typed.read else None,
        segments=_segments(),
        meant=_meant_line(typed),
        new_key=forms.new_key,
        art=art_address,
        handed_in=typed.taken,
    )
