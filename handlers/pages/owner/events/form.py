"""The form of an event: a new one, a copy, or one that is changed."""

from collections.abc import Iterator, Mapping

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter

from bot.store.events.events import StoredEvent
from handlers.actions.events.making import WrittenEvent, change, make, refuse_segments
from handlers.actions.recording.idempotency import once_for
from rules.base import Refusal
from rules.characters import whole_number
from rules.events.event import EVENT_KINDS, GUESTS
from rules.programme.programme import Programme

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.blueprint import takes_pictures
from ...staff.frame.layout import not_found, stores
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from ..programme.handed_in import art_address
from . import typed as form_of
from .look import invitation, sent_event
from .managed import managed, word
from .typed import TypedEvent

_ID: TypeAdapter[int] = TypeAdapter(int)


@pages.get("/events/new", endpoint="new_event")
@manager_page
def open_new_event() -> ResponseReturnValue:
    club, shop = current_club(), current_programme().shop
    copied = whole_number(request.args.get("copy", ""), 9)
    if copied is None:
        return _page(form_of.blank(shop, club.now()))
    with club.store.read() as uow:
        stored = managed(uow, copied)
    return _page(form_of.of_stored(stored, shop, is_copy=True))


@pages.post("/events/new", endpoint="make_event")
@manager_page
@takes_pictures
def make_event() -> ResponseReturnValue:
    said = sent_event()
    sent, unusable = said.typed, said.unusable
    if "more" in request.form or unusable:
        return _page(sent if unusable else sent.with_room(), unusable=unusable)
    ready = form_of.written(sent, current_programme().shop, next_n=1)
    if isinstance(ready, TypedEvent):
        return _page(ready, status=422)
    _only_own_store(ready)
    with forms.form_work() as work:
        no = refuse_segments(work, ready)
        made = no or once_for(_ID, work, repr(ready), lambda: make(work, ready))
    if isinstance(made, Refusal):
        return _page(sent, status=409, problem=refusal_line(made.code))
    return redirect(url_for("owner.event", event_id=made, done="made"), 303)


@pages.get("/events/<int:event_id>/edit", endpoint="edit_event")
@manager_page
def edit_event(event_id: int) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        stored = managed(uow, event_id)
    return _page(form_of.of_stored(stored, current_programme().shop, is_copy=False), stored)


@pages.post("/events/<int:event_id>/edit", endpoint="save_event")
@manager_page
@takes_pictures
def save_event(event_id: int) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        stored = managed(uow, event_id)
    said = sent_event()
    sent, unusable = said.typed, said.unusable
    if "more" in request.form or unusable:
        return _page(sent if unusable else sent.with_room(), stored, unusable=unusable)
    next_n = max(each.n for each in stored.sittings) + 1
    ready = form_of.written(sent, current_programme().shop, next_n=next_n)
    if isinstance(ready, TypedEvent):
        return _page(ready, stored, status=422)
    _only_own_store(ready)
    with forms.form_work() as work:
        no = change(work, event_id, forms.number("revision") or 0, ready)
    if no is not None:
        return _page(sent, stored, status=409, problem=refusal_line(no.code))
    return redirect(url_for("owner.event", event_id=event_id, done="saved"), 303)


def _only_own_store(ready: WrittenEvent) -> None:
    """404 for a store that there isn't, or isn't theirs."""
    store = ready.event.store
    is_known = store is None or current_programme().store(store) is not None
    if not is_known or not signed().may_act_at(store):
        not_found()


def _page(
    typed: TypedEvent,
    stored: StoredEvent | None = None,
    *,
    status: int = 200,
    problem: str = "",
    unusable: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    programme, lang = current_programme(), language()
    segments = _segments(typed)
    ladder = programme.ranks.steps if programme.ranks else ()
    revision = request.form.get("revision") or (stored.revision if stored else "")
    return layout.page(
        "event_form",
        word=word,
        status=422 if unusable else status,
        unusable=unusable or {},
        art=art_address,
        typed=typed,
        stored=stored,
        revision=revision,
        kinds=[(each, words_now().say(f"event.kind.{each}")) for each in EVENT_KINDS],
        guests=[
            each
            for each in GUESTS
            if each not in _idle(programme) and (each != "segments" or segments)
        ],
        ranks=[(rank.id, rank.name.in_(lang)) for rank in ladder],
        segments=segments,
        stores=[(store.id, store.name.in_(lang)) for store in stores()],
        key=forms.field("key", 36) or forms.new_key(),
        problem=problem,
        invitation=invitation(typed),
    )


def _segments(typed: TypedEvent) -> list[tuple[str, str]]:
    """The saved segments; one that is named and gone, as of a copy, is there to be left out."""
    names = owner_words().segment_names or {}
    gone = (each for each in dict.fromkeys(typed.all_segments) if each not in names)
    return [*names.items(), *((each, words_now().say("owner.segments.gone")) for each in gone)]


def _idle(programme: Programme) -> Iterator[str]:
    """Whom nobody could be: without ranks, or anything to subscribe to."""
    if programme.ranks is None:
        yield "ranks"
    if not programme.subscriptions:
        yield "subscribers"
