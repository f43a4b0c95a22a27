"""What is to be told to receivers, and what came of it. Times are of the wall's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, exists, func, or_, select, update

from ..engine import bulk
from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import IS_TO_TELL, hook_deliveries, hook_endpoints, hook_events

DeliveryStatus = Literal["queued", "taken", "failed", "dropped"]
table = hook_deliveries
#: So much is kept of what a receiver says.
ANSWER_MAX = 400


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """An event that is sent now."""

    event_id: str
    endpoint_id: int
    #: Counts the try that is about to be made.
    tries: int
    first_at: datetime
    body: str


_IS_DUE = PreparedStatement(
    select(table.c.endpoint_id)
    .where(
        IS_TO_TELL,
        table.c.due_at <= bindparam("now"),
        exists().where(
            hook_endpoints.c.id == table.c.endpoint_id,
            hook_endpoints.c.off_at.is_(None),
            hook_endpoints.c.dropped_at.is_(None),
            or_(
                hook_endpoints.c.rests_until.is_(None),
                hook_endpoints.c.rests_until <= bindparam("now"),
            ),
        ),
    )
    .distinct()
)


def due_to(uow: UnitOfWork, *, now: datetime) -> list[int]:
    """The receivers to whom something is due, of those that are on and asked for no rest."""
    return sorted(uow.ids(_IS_DUE, {"now": now}))


def take(
    uow: UnitOfWork, endpoint_id: int, *, now: datetime, lease: timedelta, most: int
) -> list[DueDelivery]:
    """The oldest that are due to a receiver, the caller's for as long as the lease."""
    query = (
        select(table.c.event_id, table.c.tries, table.c.first_tried_at, hook_events.c.body)
        .join(hook_events, hook_events.c.id == table.c.event_id)
        .where(IS_TO_TELL, table.c.endpoint_id == endpoint_id, table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.made_at, table.c.event_id)
        .limit(most)
        .with_for_update(of=table, skip_locked=True)
    )
    rows = uow.run(query).all()
    if not rows:
        return []
    until = now + lease
    bulk.update_each(
        uow,
        table,
        ("event_id", "endpoint_id"),
        ("tries", "due_at", "first_tried_at", "tried_at"),
        [
            (row.event_id, endpoint_id, row.tries + 1, until, row.first_tried_at or now, now)
            for row in rows
        ],
    )
    return [
        DueDelivery(
            row.event_id, endpoint_id, row.tries + 1, row.first_tried_at or now, row.body
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TriedDelivery:
    """What came of a try."""

    event_id: str
    endpoint_id: int
    status: DeliveryStatus
    #: When it is tried again, where it is still queued.
    due_at: datetime
    answer_status: int | None = None
    answer: str = ""
    problem: str | None = None


def note(uow: UnitOfWork, tried: Sequence[TriedDelivery]) -> None:
    """Writes down what came of tries; what is not to be told any more stays as it is."""
    if not tried:
        return
    columns = ("status", "due_at", "answer_status", "answer", "problem")
    rows = [
        (e.event_id, e.endpoint_id, e.status, e.due_at, e.answer_status, e.answer[:ANSWER_MAX],
         e.problem)
        for e in tried
    ]  # fmt: skip
    bulk.update_each(
        uow, table, ("event_id", "endpoint_id"), columns, rows,
        only="hook_deliveries.status = 'queued'",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenDelivery:
    """What an owner sees of one."""

    event_id: str
    type: str
    made_at: datetime
    status: DeliveryStatus
    tries: int
    due_at: datetime
    tried_at: datetime | None
    answer_status: int | None
    answer: str
    problem: str | None
    #: False where nothing is left of what it told: its member was erased.
    has_body: bool


def of_endpoint(
    uow: UnitOfWork, endpoint_id: int, *, most: int, before: datetime | None = None
) -> list[SeenDelivery]:
    """The newest first, made `before` that moment."""
    query = (
        select(table, hook_events.c.type, (hook_events.c.body != "").label("has_body"))
        .join(hook_events, hook_events.c.id == table.c.event_id)
        .where(table.c.endpoint_id == endpoint_id)
    )
    if before is not None:
        query = query.where(table.c.made_at < before)
    rows = uow.run(query.order_by(table.c.made_at.desc(), table.c.event_id.desc()).limit(most))
    return [_seen(row) for row in rows]


def _seen(row: Any) -> SeenDelivery:
    return SeenDelivery(
        row.event_id, row.type, row.made_at, row.status, row.tries, row.due_at, row.tried_at,
        row.answer_status, row.answer or "", row.problem, bool(row.has_body),
    )  # fmt: skip


def again(uow: UnitOfWork, event_id: str, endpoint_id: int, *, now: datetime) -> bool:
    """Lets one that has ended, or waits, be told now, as if for the first time; whether there is
    one of which something is left to tell."""
    has_body = exists().where(hook_events.c.id == table.c.event_id, hook_events.c.body != "")
    mine = (table.c.event_id == event_id, table.c.endpoint_id == endpoint_id, has_body)
    values = {"status": "queued", "tries": 0, "due_at": now, "first_tried_at": None}
    return bool(uow.run(update(table).where(*mine).values(**values)).rowcount)


def failed_again(uow: UnitOfWork, endpoint_id: int, *, now: datetime) -> int:
    """The same of all that were given up, of which something is left; gives how many."""
    has_body = exists().where(hook_events.c.id == table.c.event_id, hook_events.c.body != "")
    mine = (table.c.endpoint_id == endpoint_id, table.c.status == "failed", has_body)
    values = {"status": "queued", "tries": 0, "due_at": now, "first_tried_at": None}
    return uow.run(update(table).where(*mine).values(**values)).rowcount


def drop_all(uow: UnitOfWork, endpoint_id: int) -> None:
    """Tells a receiver nothing of what waits for it."""
    mine = (table.c.endpoint_id == endpoint_id, IS_TO_TELL)
    uow.run(update(table).where(*mine).values(status="dropped"))


def waiting(uow: UnitOfWork) -> Mapping[int, int]:
    """How many wait, by receiver."""
    query = select(table.c.endpoint_id, func.count().label("many")).where(IS_TO_TELL)
    return {row.endpoint_id: row.many for row in uow.run(query.group_by(table.c.endpoint_id))}
