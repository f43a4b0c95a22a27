"""Who has a place at an event, waits for one, or had one."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, select, update

from rules.events.event import Sitting
from rules.events.places import CONCERNED, Occupancy, PlaceState

from ..engine.db import UnitOfWork
from ..tables import event_places, event_sittings

#: Where somebody signed up.
SignUpWay = Literal["chat", "card", "staff", "api"]


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Somebody's place, or their wish for one."""

    member_id: int
    event_id: int
    #: The sitting.
    n: int
    #: Their number in its order.
    no: int
    state: PlaceState
    #: When they signed up.
    at: datetime
    via: SignUpWay
    #: When an offer ends.
    until: datetime | None = None
    #: When somebody without LINE was told of its state.
    told_at: datetime | None = None
    came_at: datetime | None = None
    #: The outside key of the visit by which it is known.
    came_key: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it is theirs, or they wait for it."""
        return self.state in CONCERNED


def _its(member_id: int, event_id: int) -> ColumnElement[bool]:
    return (event_places.c.member_id == member_id) & (event_places.c.event_id == event_id)


def get(uow: UnitOfWork, member_id: int, event_id: int) -> EventPlace | None:
    row = uow.run(select(event_places).where(_its(member_id, event_id))).first()
    return _place(row) if row else None


def put(uow: UnitOfWork, place: EventPlace) -> None:
    """Writes it, in place of what they had of that event before."""
    values = {name: getattr(place, name) for name in EventPlace.__dataclass_fields__}
    if not uow.insert_new(event_places, [values]):
        uow.run(update(event_places).where(_its(place.member_id, place.event_id)).values(values))


def change(uow: UnitOfWork, place: EventPlace, **values: Any) -> None:
    uow.run(update(event_places).where(_its(place.member_id, place.event_id)).values(values))


def occupancy(uow: UnitOfWork, event_id: int, sitting: Sitting) -> Occupancy:
    """How the sitting stands."""
    return occupancies(uow, [event_id], {(event_id, sitting.n): sitting.places})[
        event_id, sitting.n
    ]


def occupancies(
    uow: UnitOfWork, event_ids: Collection[int], places: dict[tuple[int, int], int]
) -> dict[tuple[int, int], Occupancy]:
    """The same of many, by event and sitting; `places` says how many there are."""
    counted: Counter[tuple[int, int, str]] = Counter()
    found = (
        select(event_places.c.event_id, event_places.c.n, event_places.c.state, func.count())
        .where(event_places.c.event_id.in_(list(event_ids)), event_places.c.state.in_(CONCERNED))
        .group_by(event_places.c.event_id, event_places.c.n, event_places.c.state)
    )
    for event_id, n, state, count in uow.run(found):
        counted[event_id, n, state] = count
    return {
        (event_id, n): Occupancy(
            most,
            counted[event_id, n, "taken"],
            counted[event_id, n, "offered"],
            counted[event_id, n, "waiting"],
        )
        for (event_id, n), most in places.items()
    }


def first_waiting(uow: UnitOfWork, event_id: int, n: int) -> EventPlace | None:
    """Who waits longest for a place at the sitting."""
    found = select(event_places).where(
        event_places.c.event_id == event_id,
        event_places.c.n == n,
        event_places.c.state == "waiting",
    )
    row = uow.run(found.order_by(event_places.c.no).limit(1)).first()
    return _place(row) if row else None


def ahead(uow: UnitOfWork, place: EventPlace) -> int:
    """How many wait before them."""
    found = select(func.count()).where(
        event_places.c.event_id == place.event_id,
        event_places.c.n == place.n,
        event_places.c.state == "waiting",
        event_places.c.no < place.no,
    )
    return int(uow.run(found).scalar_one())


def of_event(
    uow: UnitOfWork, event_id: int, states: Iterable[PlaceState] = (), *, n: int | None = None
) -> list[EventPlace]:
    """All places of an event, or those in these states, in order; at the sitting, if it is said."""
    found = select(event_places).where(event_places.c.event_id == event_id)
    if wanted := list(states):
        found = found.where(event_places.c.state.in_(wanted))
    if n is not None:
        found = found.where(event_places.c.n == n)
    order = (event_places.c.n, event_places.c.no)
    return [_place(row) for row in uow.run(found.order_by(*order))]


def of_member(uow: UnitOfWork, member_ids: Sequence[int]) -> list[EventPlace]:
    """All places of these cards, which are one person's, the newest event first."""
    mine = select(event_places).where(event_places.c.member_id.in_(list(member_ids)))
    return [_place(row) for row in uow.run(mine.order_by(event_places.c.event_id.desc()))]


def coming(uow: UnitOfWork, member_id: int, *, since: datetime) -> list[EventPlace]:
    """What the member signed up for of which a sitting ends after that moment."""
    found = (
        select(event_places)
        .join(
            event_sittings,
            (event_sittings.c.event_id == event_places.c.event_id)
            & (event_sittings.c.n == event_places.c.n),
        )
        .where(event_places.c.member_id == member_id, event_sittings.c.ends_at > since)
    )
    return [_place(row) for row in uow.run(found)]


def take_back_came(uow: UnitOfWork, member_id: int, key: str) -> None:
    """Takes back that the member came, as it was known by that outside key."""
    mine = (event_places.c.member_id == member_id, event_places.c.came_key == key)
    uow.run(update(event_places).where(*mine).values(came_at=None, came_key=None))


def offers_of(uow: UnitOfWork, event_ids: Collection[int]) -> list[EventPlace]:
    """The offers of these events that nobody has answered, those first that end first."""
    found = select(event_places).where(
        event_places.c.event_id.in_(list(event_ids)), event_places.c.state == "offered"
    )
    order = (event_places.c.until, event_places.c.event_id, event_places.c.no)
    return [_place(row) for row in uow.run(found.order_by(*order))]


def of_members(
    uow: UnitOfWork, member_ids: Collection[int], event_ids: Collection[int]
) -> dict[tuple[int, int], EventPlace]:
    """The places of these members at these events, by member and event."""
    found = select(event_places).where(
        event_places.c.member_id.in_(list(member_ids)),
        event_places.c.event_id.in_(list(event_ids)),
    )
    return {(row.member_id, row.event_id): _place(row) for row in uow.run(found)}


def give_up_all(uow: UnitOfWork, member_id: int) -> None:
    """Gives up all that a member has or waits for and didn't come to, as they leave. Who counts
    what is free, counts less or as much: no sitting need be locked."""
    mine = (
        event_places.c.member_id == member_id,
        event_places.c.state.in_(CONCERNED),
        event_places.c.came_at.is_(None),
    )
    uow.run(update(event_places).where(*mine).values(state="declined", until=None))


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """What the other card has or waits for is the keeper's. Of two wishes for one event the better
    one stays, where nobody came by either: a place before an offer, an offer before the list."""
    mine = {each.event_id: each for each in of_member(uow, [keep_id])}
    for theirs in of_member(uow, [other_id]):
        own = mine.get(theirs.event_id)
        if own is None or _worth(theirs) < _worth(own):
            put(uow, replace(theirs, member_id=keep_id))
        uow.run(delete(event_places).where(_its(other_id, theirs.event_id)))


def _worth(place: EventPlace) -> tuple[bool, int, int]:
    """The lower the better."""
    order = (*CONCERNED, "declined", "passed", "off")
    rank = {"taken": 0, "offered": 1, "waiting": 2}.get(place.state, order.index(place.state))
    return place.came_at is None, rank, place.no


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes that the member signed up, but for where they came: that is counted, and says nobody
    who they were, nor by which visit it was known."""
    mine = event_places.c.member_id.in_(member_ids)
    uow.run(delete(event_places).where(mine, event_places.c.came_at.is_(None)))
    uow.run(update(event_places).where(mine).values(came_key=None, told_at=None))


def _place(row: Row[Any]) -> EventPlace:
    return EventPlace(**{name: getattr(row, name) for name in EventPlace.__dataclass_fields__})
