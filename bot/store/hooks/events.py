"""Events, and to whom each is to be told."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from rules.hooks.kinds import HookType

from ..engine import bulk
from ..engine.db import UnitOfWork
from ..tables import IS_TO_TELL, hook_counts, hook_deliveries, hook_events


@dataclass(frozen=True, slots=True)
class WrittenHook:
    """An event as it goes out, and who hears of it."""

    #: What a receiver knows it by, however often it comes.
    id: str
    type: HookType
    #: None for an owner's own test.
    member_id: int | None
    sequence: int
    body: str
    endpoint_ids: tuple[int, ...]


def number(uow: UnitOfWork, member_ids: Iterable[int]) -> dict[int, int]:
    """Counts an event of the member's for each time that they are named; gives for each of them the
    number of their last. Nobody else counts theirs until the transaction ends."""
    count = Counter(member_ids)
    if not count:
        return {}
    rows = [{"member_id": each, "sequence": count[each]} for each in sorted(count)]
    made = (sqlite.insert if uow.is_sqlite else postgresql.insert)(hook_counts).values(rows)
    counted = made.on_conflict_do_update(
        index_elements=["member_id"],
        set_={"sequence": hook_counts.c.sequence + made.excluded.sequence},
    ).returning(hook_counts.c.member_id, hook_counts.c.sequence)
    return {row.member_id: row.sequence for row in uow.run(counted)}


def write(uow: UnitOfWork, events: Sequence[WrittenHook], *, now: datetime) -> None:
    """Keeps events, and that they are to be told at once."""
    bulk.insert_new(
        uow,
        hook_events,
        ("id", "type", "member_id", "sequence", "body", "made_at"),
        [(each.id, each.type, each.member_id, each.sequence, each.body, now) for each in events],
    )
    bulk.insert_new(
        uow,
        hook_deliveries,
        ("event_id", "endpoint_id", "status", "made_at", "due_at"),
        [(each.id, to, "queued", now, now) for each in events for to in each.endpoint_ids],
    )


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Empties all that was to be told of somebody who is forgotten, and tells none of it any
    more."""
    theirs = select(hook_events.c.id).where(hook_events.c.member_id.in_(member_ids))
    named = hook_deliveries.c.event_id.in_(theirs)
    uow.run(update(hook_deliveries).where(named, IS_TO_TELL).values(status="dropped"))
    uow.run(update(hook_deliveries).where(named).values(answer=None))
    uow.run(update(hook_events).where(hook_events.c.member_id.in_(member_ids)).values(body=""))


def bodies(uow: UnitOfWork, ids: Sequence[str]) -> Mapping[str, str]:
    """What is sent, by the events' ids."""
    query = select(hook_events.c.id, hook_events.c.body).where(hook_events.c.id.in_(list(ids)))
    return {row.id: row.body for row in uow.run(query)}
