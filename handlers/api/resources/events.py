"""Events: what there is to sign up for, how many come, and places for members."""

from typing import Literal

from pydantic import Field

from bot.store import UnitOfWork
from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from handlers.actions.events.signing_up import PlaceOutcome, Wish, give_up, sign_up
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.events.places import Occupancy

from ..frame.current import api_work, asking, reading
from ..frame.doors import does, reads
from ..frame.models import PLACE_MAX, AnswerPart, CardNumber, Moment, RequestPart
from ..frame.problems import Trouble, refuse
from ..frame.subjects import member_with

_SIGN_UP = (
    "event_gone", "event_cancelled", "event_over", "event_closed", "event_not_yet", "event_first",
    "event_rank", "event_segment", "event_lapsed", "event_visits", "event_twice", "erased",
    "merged", "left",
)  # fmt: skip


class SittingOfEvent(AnswerPart):
    """One of the dates of an event, and how many come."""

    sitting: int
    starts_at: Moment
    ends_at: Moment
    places: int
    taken: int
    offered: int = Field(description="Kept for somebody who hasn't answered yet.")
    waiting: int


class EventToldOf(AnswerPart):
    """An event."""

    event: int
    title: str
    about: str
    store: str | None = Field(description="Null: it belongs to no one branch.")
    price_yen: int
    state: Literal["open", "closed", "cancelled"]
    opens_at: Moment
    closes_at: Moment
    sittings: list[SittingOfEvent]


class EventsToldOf(AnswerPart):
    """Events that aren't over."""

    events: list[EventToldOf]


class PlaceAsked(RequestPart):
    """Somebody wants to come."""

    card_number: CardNumber
    sitting: int = Field(ge=1, le=1000, description="Which of the dates.")


class PlaceGivenUp(RequestPart):
    """Somebody doesn't come after all."""

    card_number: CardNumber


class PlaceTold(AnswerPart):
    """What somebody's place is."""

    state: str = Field(description="taken, waiting, offered, declined, passed or off.")
    ahead: int = Field(description="How many wait before them.")


@reads("/events", EventsToldOf, "events:read")
def list_events() -> EventsToldOf:
    """List the events that aren't over.

    A key of one store sees its own, and those of no one store.
    """
    with reading() as work:
        found = [each for each in events.shown(work.uow, after=work.now) if _is_theirs(each)]
        return EventsToldOf(events=_told(work, found))


@reads("/events/<int:event>", EventToldOf, "events:read", found=True)
def get_event(event: int) -> EventToldOf:
    """Get an event, and how many come."""
    with reading() as work:
        return _told(work, [_event(work.uow, event)])[0]


@does("/events/<int:event>/places", PlaceTold, "events", *_SIGN_UP)
def sign_member_up(event: int, json: PlaceAsked) -> PlaceTold:
    """Sign a member up.

    They get a place, or one on the list; whoever has either keeps it.
    """
    with api_work() as work:
        _event(work.uow, event)
        member = member_with(work.uow, json.card_number)
        outcome = sign_up(work, Wish(member.id, event, json.sitting, "api"))
    return _place(outcome)


@does(
    "/events/<int:event>/places/cancel", PlaceTold, "events",
    "event_none", "event_cancelled", "event_over",
)  # fmt: skip
def take_member_off(event: int, json: PlaceGivenUp) -> PlaceTold:
    """Give a member's place up: it is offered to whoever waits."""
    with api_work() as work:
        _event(work.uow, event)
        outcome = give_up(work, member_with(work.uow, json.card_number).id, event)
    return _place(outcome)


def _is_theirs(stored: StoredEvent) -> bool:
    store = stored.event.store
    return store is None or asking().may_act_at(store)


def _event(uow: UnitOfWork, event: int) -> StoredEvent:
    """404 for one that isn't there, isn't published, or is of another store."""
    stored = events.get(uow, event) if event <= PLACE_MAX else None
    if stored is None or stored.state == "draft" or not _is_theirs(stored):
        raise Trouble(404, "not_found")
    return stored


def _told(work: Work, found: list[StoredEvent]) -> list[EventToldOf]:
    most = {(each.id, sitting.n): sitting.places for each in found for sitting in each.sittings}
    stands = places.occupancies(work.uow, [each.id for each in found], most)
    return [_one(work, each, stands) for each in found]


def _one(work: Work, stored: StoredEvent, stands: dict[tuple[int, int], Occupancy]) -> EventToldOf:
    event, local = stored.event, work.programme.shop.local
    return EventToldOf(
        event=stored.id,
        title=event.title.ja,
        about=event.about.ja,
        store=event.store,
        price_yen=event.price_yen,
        state=_state(stored.state),
        opens_at=local(event.opens_at),
        closes_at=local(event.closes_at),
        sittings=[
            SittingOfEvent(
                sitting=each.n,
                starts_at=local(each.starts_at),
                ends_at=local(each.ends_at),
                places=each.places,
                taken=stands[stored.id, each.n].taken,
                offered=stands[stored.id, each.n].offered,
                waiting=stands[stored.id, each.n].waiting,
            )
            for each in stored.sittings
        ],
    )


def _state(state: str) -> Literal["open", "closed", "cancelled"]:
    return "cancelled" if state == "cancelled" else "open" if state == "open" else "closed"


def _place(outcome: PlaceOutcome) -> PlaceTold:
    if outcome.refused is not None:
        raise refuse(Refusal(outcome.refused, outcome.again_at))
    return PlaceTold(state=outcome.state or "off", ahead=outcome.ahead)
