"""An event as a page shows it to the member it is for."""

from dataclasses import dataclass

from rules.events.event import Sitting
from rules.explaining.event_words import (
    day_line,
    first_line,
    guests_line,
    kind_word,
    place_line,
    places_line,
    price_line,
    when_line,
)
from rules.wording.refusals import Circumstances, refusal_text

from .events import EventForMember
from .photos import photo_path
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date of an event, and what a button says that signs up for it: empty for none."""

    n: int
    when: str
    places: str
    button: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """An event, and how it stands for whoever reads the page."""

    id: int
    title: str
    kind: str
    about: str
    #: Where it is, what it costs, whom it is for.
    lines: tuple[str, ...]
    dates: tuple[EventDate, ...]
    #: taken, waiting, offered or off; empty where they aren't signed up.
    state: str
    told: str
    #: Their number in the order, by which an offer is answered.
    no: int
    #: Until when an offer is kept, or why one can't sign up; may be empty.
    hint: str
    #: Where its photograph is; empty for none.
    picture: str


def event_view(viewer: Viewer, each: EventForMember) -> EventView:
    words, event = viewer.words, each.stored.event
    sittings = (each.held,) if each.held else each.stored.sittings
    lines = (
        place_line(words, event),
        price_line(words, event),
        guests_line(words, event),
        first_line(words, event, each.now),
    )
    return EventView(
        each.id,
        event.title.in_(viewer.lang),
        kind_word(words, event),
        words.name(event.about),
        tuple(filter(None, lines)),
        tuple(_date(viewer, each, sitting) for sitting in sittings),
        each.state or "",
        words.say(f"event.state.{each.state}") if each.state else "",
        each.place.no if each.place else 0,
        _hint(viewer, each),
        photo_path(event.picture) if event.picture else "",
    )


def _date(viewer: Viewer, each: EventForMember, sitting: Sitting) -> EventDate:
    words, stands = viewer.words, each.stands[sitting.n]
    is_free = stands.left > 0
    may = each.state is None and each.no_to(sitting) is None
    label = words.say(
        "chat.events.join_on" if is_free else "chat.events.wait_on",
        day=day_line(words, sitting),
    )
    places = "" if each.state in ("taken", "off") else places_line(words, stands)
    return EventDate(sitting.n, when_line(words, sitting), places, label if may else "", is_free)


def _hint(viewer: Viewer, each: EventForMember) -> str:
    if each.state == "offered" and each.place is not None and each.place.until is not None:
        until = viewer.programme.shop.local(each.place.until)
        return viewer.words.say("chat.events.offer_until", until=until)
    if each.state is not None or each.open_sittings:
        return ""
    no = each.no_to(each.stored.sittings[-1])
    about = Circumstances(now=each.now, again_at=no.again_at if no else None)
    return refusal_text(viewer.words, no.code, "member", about).whole if no else ""
