"""One event: how it stands, who comes and who waits, and what is done about it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests, places
from bot.store.events.guests import GuestName
from bot.store.events.places import EventPlace
from bot.store.heard import surveys
from handlers.actions.events.making import EventStep, take_step
from handlers.showing.photos import photo_path
from rules.characters import spaced_number
from rules.events.event import Sitting
from rules.events.places import CONCERNED, Occupancy
from rules.explaining.event_questions import questions_after
from rules.explaining.event_words import (
    first_line,
    guests_line,
    kind_word,
    place_line,
    price_line,
    when_line,
)
from rules.wording.names import formal

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import not_found, when
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from .managed import managed, state_now, word

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody who comes, or waits."""

    name: str
    number: str
    spaced: str
    #: taken, waiting, offered, or, once it is over, came or missed.
    state: str
    #: Their place on the list; 0 for none.
    order: int
    #: When they signed up, and until when an offer is kept; "" for none.
    at: str
    until: str
    #: Whether LINE reaches them: whom it doesn't, somebody tells.
    on_line: bool


@dataclass(frozen=True, slots=True)
class SittingView:
    """A date with who comes."""

    when: str
    stands: Occupancy
    came: int
    is_over: bool
    coming: list[GuestLine]
    waiting: list[GuestLine]


@dataclass(frozen=True, slots=True)
class EventVoices:
    """What those who came said: how many, their mean on the scale of five, and their words."""

    count: int
    mean: float
    words: list[str]


@pages.get("/events/<int:event_id>", endpoint="event")
@manager_page
def show_event(event_id: int) -> ResponseReturnValue:
    return _page(event_id)


@pages.post("/events/<int:event_id>/step", endpoint="event_step")
@manager_page
def step_event(event_id: int) -> ResponseReturnValue:
    step: EventStep | None = next(
        (each for each in get_args(EventStep) if each == request.form.get("step")), None
    )
    if step is None:
        not_found()
    if step == "cancel" and "sure" not in request.form:
        return _page(event_id, asks_cancel=True)
    with forms.form_work() as work:
        managed(work.uow, event_id)
        no = take_step(work, event_id, forms.number("revision") or 0, step)
    return forms.back_to("owner.event", no.code if no else None, step, event_id=event_id)


def _page(event_id: int, *, asks_cancel: bool = False) -> ResponseReturnValue:
    club, words = current_club(), owner_words()
    now = club.now()
    with club.store.read() as uow:
        stored = managed(uow, event_id)
        found = places.of_event(uow, event_id, [*CONCERNED, "off"])
        people = guests.named(uow, {each.member_id for each in found})
        sittings = [_sitting(each, found, people) for each in stored.sittings]
        heard = voices(uow, questions_after(event_id))
    if found:
        note_look(signed().desk, "event_seen")
    event = stored.event
    return layout.page(
        "event",
        word=word,
        stored=stored,
        title=event.title.in_(language()),
        about=words.name(event.about),
        kind=kind_word(words, event),
        photo=photo_path(event.picture) if event.picture else "",
        facts=[
            ("where", place_line(words, event)),
            ("guests", guests_line(words, event) or words.say("owner.events.guests.all")),
            *([("first", first)] if (first := first_line(words, event, now)) else []),
            ("price", price_line(words, event)),
            ("opens_at", when(event.opens_at)),
            ("closes_at", when(event.closes_at)),
        ],
        sittings=sittings,
        state=state_now(stored, now),
        is_over=stored.ends_at <= now,
        can_invite=stored.state == "open" and now < event.closes_at,
        invited_at=when(stored.invited_at),
        concerned=sum(
            each.stands.taken + each.stands.waiting + each.stands.offered for each in sittings
        ),
        asks_cancel=asks_cancel,
        heard=heard,
        key=forms.new_key(),
        done=forms.done_line("owner.events.done"),
        problem=forms.problem_line(),
    )


def voices(uow: UnitOfWork, survey: str) -> EventVoices | None:
    """What was said in answer to it, by nobody's name; None while nobody said anything."""
    given = [each.answer for each in surveys.answers_to(uow, survey, since=_EVER)]
    numbers = [each.number for each in given if each.number is not None]
    if not numbers:
        return None
    said = [each.words for each in given if each.words]
    return EventVoices(len(numbers), round(sum(numbers) / len(numbers), 1), said)


def _sitting(
    sitting: Sitting,
    found: list[EventPlace],
    people: dict[int, GuestName],
) -> SittingView:
    mine = [each for each in found if each.n == sitting.n]
    is_over = sitting.ends_at <= current_club().now()
    coming = [each for each in mine if each.state in ("taken", "off")]
    waiting = [each for each in mine if each.state in ("offered", "waiting")]
    in_line = [each for each in waiting if each.state == "waiting"]
    order = {each.member_id: place for place, each in enumerate(in_line, 1)}
    return SittingView(
        when=when_line(words_now(), sitting),
        stands=Occupancy(
            sitting.places,
            sum(each.state == "taken" for each in mine),
            sum(each.state == "offered" for each in mine),
            len(in_line),
        ),
        came=sum(each.came_at is not None for each in mine),
        is_over=is_over,
        coming=[_line(each, people, is_over=is_over) for each in coming],
        waiting=[_line(each, people, order.get(each.member_id, 0)) for each in waiting],
    )


def _line(
    place: EventPlace, people: dict[int, GuestName], order: int = 0, *, is_over: bool = False
) -> GuestLine:
    who = people[place.member_id]
    state = str(place.state)
    if place.came_at is not None:
        state = "came"
    elif is_over and place.state == "taken":
        state = "missed"
    return GuestLine(
        name=formal(who.name, language()),
        number=who.number,
        spaced=spaced_number(who.number),
        state=state,
        order=order,
        at=when(place.at),
        until=when(place.until),
        on_line=who.on_line,
    )
