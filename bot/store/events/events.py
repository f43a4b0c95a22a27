"""Events and their sittings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from rules.events.event import EventState, ShopEvent, Sitting

from ..engine.db import UnitOfWork
from ..tables import event_sittings, events


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is kept, with its sittings in order of time."""

    id: int
    event: ShopEvent
    state: EventState
    revision: int
    sittings: tuple[Sitting, ...]
    off_at: datetime | None = None
    #: When its owner let it be told to whom it is for, and to how many it was.
    invited_at: datetime | None = None
    invited: int = 0
    #: Whether some are told only when it opens to them.
    invite_rest: bool = False

    def sitting(self, n: int) -> Sitting | None:
        return next((each for each in self.sittings if each.n == n), None)

    @property
    def ends_at(self) -> datetime:
        return max(each.ends_at for each in self.sittings)


def add(uow: UnitOfWork, event: ShopEvent, sittings: Sequence[Sitting], *, at: datetime) -> int:
    """Keeps a new event as a draft; gives its id."""
    row = {
        "contents": event.model_dump_json(), "state": "draft", "revision": 1, "made_at": at,
        "invited": 0,
    }  # fmt: skip
    event_id = int(uow.run(insert(events).values(row).returning(events.c.id)).scalar_one())
    _add_sittings(uow, event_id, sittings)
    return event_id


def _add_sittings(uow: UnitOfWork, event_id: int, sittings: Sequence[Sitting]) -> None:
    rows = [
        {
            "event_id": event_id, "n": each.n, "starts_at": each.starts_at,
            "ends_at": each.ends_at, "places": each.places, "next_no": 1,
        }
        for each in sittings
    ]  # fmt: skip
    uow.insert_new(event_sittings, rows)


def lock(uow: UnitOfWork, event_id: int) -> StoredEvent | None:
    """The event, for whoever changes it: theirs alone until the transaction ends."""
    row = uow.run(select(events).where(events.c.id == event_id).with_for_update()).first()
    return _stored(uow, [row])[0] if row else None


def get(uow: UnitOfWork, event_id: int) -> StoredEvent | None:
    row = uow.run(select(events).where(events.c.id == event_id)).first()
    return _stored(uow, [row])[0] if row else None


def shown(uow: UnitOfWork, *, after: datetime) -> list[StoredEvent]:
    """Those whose last sitting ends after that moment, drafts left out; the soonest first."""
    ids = select(event_sittings.c.event_id).where(event_sittings.c.ends_at > after)
    found = uow.run(select(events).where(events.c.id.in_(ids), events.c.state != "draft"))
    return _in_order(_stored(uow, found.all()))


def unfinished(uow: UnitOfWork, *, after: datetime) -> list[StoredEvent]:
    """Those that aren't cancelled, and have a sitting that ends after that moment; drafts too."""
    ids = select(event_sittings.c.event_id).where(event_sittings.c.ends_at > after)
    found = uow.run(select(events).where(events.c.id.in_(ids), events.c.state != "cancelled"))
    return _in_order(_stored(uow, found.all()))


def segments_named(uow: UnitOfWork) -> set[str]:
    """The segments that any of them ever named."""
    rows = uow.run(select(events.c.contents).where(events.c.contents.like('%"segments":["%')))
    said = (ShopEvent.model_validate_json(each) for each in rows.scalars())
    return {named for each in said for named in each.segments_asked}


def every(uow: UnitOfWork, *, limit: int) -> list[StoredEvent]:
    """The newest, drafts and past ones too."""
    newest = select(events).order_by(events.c.id.desc()).limit(limit)
    return _stored(uow, uow.run(newest).all())


def _in_order(found: list[StoredEvent]) -> list[StoredEvent]:
    return sorted(found, key=lambda each: (each.sittings[0].starts_at, each.id))


def _stored(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> list[StoredEvent]:
    ids = [row.id for row in rows]
    by_event: dict[int, list[Sitting]] = {each: [] for each in ids}
    order = (event_sittings.c.starts_at, event_sittings.c.n)
    for row in uow.run(
        select(event_sittings).where(event_sittings.c.event_id.in_(ids)).order_by(*order)
    ):
        sitting = Sitting(row.n, row.starts_at, row.ends_at, row.places)
        by_event[row.event_id].append(sitting)
    return [
        StoredEvent(
            row.id,
            ShopEvent.model_validate_json(row.contents),
            row.state,
            row.revision,
            tuple(by_event[row.id]),
            row.off_at,
            row.invited_at,
            row.invited,
            row.invite_rest,
        )
        for row in rows
    ]


def change(
    uow: UnitOfWork, stored: StoredEvent, event: ShopEvent, sittings: Sequence[Sitting]
) -> None:
    """Writes it anew, who holds it locked. A sitting that isn't named any more must be nobody's."""
    kept = {each.n for each in sittings}
    gone = [each.n for each in stored.sittings if each.n not in kept]
    its = event_sittings.c.event_id == stored.id
    if gone:
        uow.run(event_sittings.delete().where(its, event_sittings.c.n.in_(gone)))
    known = {each.n: each for each in stored.sittings}
    for each in sittings:
        if each.n in known:
            values: dict[str, Any] = {
                "starts_at": each.starts_at, "ends_at": each.ends_at, "places": each.places,
            }  # fmt: skip
            if replace(each, places=known[each.n].places) != known[each.n]:
                # Nobody was told of that date yet.
                values |= {"reminded_at": None, "thanked_at": None}
            uow.run(update(event_sittings).where(its, event_sittings.c.n == each.n).values(values))
    _add_sittings(uow, stored.id, [each for each in sittings if each.n not in known])
    _change(uow, stored.id, contents=event.model_dump_json(), revision=stored.revision + 1)


def set_state(
    uow: UnitOfWork, stored: StoredEvent, state: EventState, *, off_at: datetime | None = None
) -> None:
    _change(uow, stored.id, state=state, revision=stored.revision + 1, off_at=off_at)


def begin_inviting(uow: UnitOfWork, event_id: int, *, at: datetime) -> None:
    _change(uow, event_id, invited_at=at, inviting_after=0)


def invite_rest(uow: UnitOfWork, event_id: int) -> None:
    """Begins with all members anew: who was told already isn't told again."""
    _change(uow, event_id, inviting_after=0, invite_rest=False)


def with_rest_to_invite(uow: UnitOfWork) -> list[StoredEvent]:
    """Those that are told to some only when they open to them, while nobody is being told."""
    left = (events.c.invite_rest, events.c.inviting_after.is_(None), events.c.state == "open")
    return _stored(uow, uow.run(select(events).where(*left).order_by(events.c.id)).all())


def inviting(uow: UnitOfWork) -> list[tuple[int, int]]:
    """The events of which somebody is still to be looked at, each with the last one who was."""
    found = select(events.c.id, events.c.inviting_after).where(events.c.inviting_after.is_not(None))
    return [(row.id, row.inviting_after) for row in uow.run(found.order_by(events.c.id))]


def note_invited(uow: UnitOfWork, event_id: int, count: int, *, after: int | None) -> None:
    _change(uow, event_id, invited=events.c.invited + count, inviting_after=after)


def note_rest(uow: UnitOfWork, event_id: int) -> None:
    """Notes that some are to be told when it opens to them."""
    _change(uow, event_id, invite_rest=True)


def lock_sitting(uow: UnitOfWork, event_id: int, n: int) -> Sitting | None:
    """The sitting, for whoever changes who comes: theirs alone until the transaction ends. Members
    are locked before it."""
    its = (event_sittings.c.event_id == event_id) & (event_sittings.c.n == n)
    row = uow.run(select(event_sittings).where(its).with_for_update()).first()
    return Sitting(row.n, row.starts_at, row.ends_at, row.places) if row else None


def next_no(uow: UnitOfWork, event_id: int, n: int) -> int:
    """The next number in the order of a sitting that is locked."""
    its = (event_sittings.c.event_id == event_id) & (event_sittings.c.n == n)
    number = int(uow.run(select(event_sittings.c.next_no).where(its)).scalar_one())
    uow.run(update(event_sittings).where(its).values(next_no=number + 1))
    return number


@dataclass(frozen=True, slots=True)
class SittingProgress:
    """What was done for a sitting by itself."""

    event_id: int
    sitting: Sitting
    reminded_at: datetime | None
    thanked_at: datetime | None


def sittings_since(uow: UnitOfWork, since: datetime) -> list[SittingProgress]:
    """The sittings of events that are no drafts and not cancelled, which end after that moment."""
    found = (
        select(event_sittings)
        .join(events, events.c.id == event_sittings.c.event_id)
        .where(event_sittings.c.ends_at > since, events.c.state.in_(("open", "closed")))
        .order_by(event_sittings.c.starts_at, event_sittings.c.event_id, event_sittings.c.n)
    )
    return [
        SittingProgress(
            row.event_id,
            Sitting(row.n, row.starts_at, row.ends_at, row.places),
            row.reminded_at,
            row.thanked_at,
        )
        for row in uow.run(found)
    ]


def note_reminded(uow: UnitOfWork, event_id: int, n: int, *, at: datetime) -> None:
    _note(uow, event_id, n, reminded_at=at)


def note_thanked(uow: UnitOfWork, event_id: int, n: int, *, at: datetime) -> None:
    _note(uow, event_id, n, thanked_at=at)


def _note(uow: UnitOfWork, event_id: int, n: int, **values: datetime) -> None:
    its = (event_sittings.c.event_id == event_id) & (event_sittings.c.n == n)
    uow.run(update(event_sittings).where(its).values(values))


def called_off(uow: UnitOfWork, *, since: datetime) -> list[int]:
    """The events that were cancelled since then."""
    found = select(events.c.id).where(events.c.state == "cancelled", events.c.off_at > since)
    return list(uow.run(found.order_by(events.c.id)).scalars())


def many(uow: UnitOfWork, ids: Collection[int]) -> dict[int, StoredEvent]:
    """Those of the events that there are, by their ids."""
    found = uow.run(select(events).where(events.c.id.in_(list(ids))))
    return {each.id: each for each in _stored(uow, found.all())}


def _change(uow: UnitOfWork, event_id: int, **values: Any) -> None:
    uow.run(update(events).where(events.c.id == event_id).values(values))
