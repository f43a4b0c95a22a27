"""LINE's events as they came: stored before the 200, taken up by workers, kept afterwards.

A worker holds an event by a lease; what a dead worker left is free again when its lease ends.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Insert,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.functions import FunctionElement

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import webhook_events
from ..tables.types import UtcDateTime

#: An event that failed so often is put aside for a person to look at.
ATTEMPTS_MAX = 5
#: Machines' clocks are no further apart. A lease that ends later than any that could be had now,
#: by this, is of a clock that was put back since: its holder is nobody.
CLOCKS_APART_MAX = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ArrivedEvent:
    """An event to keep."""

    #: LINE's webhookEventId.
    event_id: str
    user_id: str | None
    body: str


@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """An event that is ours to handle until the lease ends."""

    event_id: str
    body: str
    received_at: datetime
    #: Counts from 1.
    attempt: int
    #: Set when an earlier attempt did the work and did not get round to replying.
    answer: str | None
    user_id: str | None = None


_ROWS = bindparam("rows", type_=Text())


def _storing(insert: Callable[..., Any], row: ColumnElement[Any]) -> Insert:
    """Keeps what is new of the rows of which `row` is each, a list in JSON."""
    event_id, user_id, body = (row.op("->>")(literal_column(place)) for place in "012")
    at, status = bindparam("at", type_=UtcDateTime()), literal("new")
    # Without a condition SQLite takes what follows for a part of the query.
    arrived = select(event_id, user_id, at, body, status).where(true())
    columns = ("event_id", "user_id", "received_at", "body", "status")
    storing: Insert = insert(webhook_events).from_select(columns, arrived).on_conflict_do_nothing()
    return storing


def _each(rows: FunctionElement[Any]) -> ColumnElement[Any]:
    return rows.table_valued("value").c.value


#: One for any number of events, so that a database need not think about each number anew.
_STORE = PreparedStatement(
    _storing(postgresql.insert, _each(func.json_array_elements(cast(_ROWS, JSON)))),
    on_sqlite=_storing(sqlite.insert, _each(func.json_each(_ROWS))),
)


def store(uow: UnitOfWork, arrived: Sequence[ArrivedEvent], *, at: datetime) -> int:
    """Keeps the events that are new; gives how many were. The others are duplicates."""
    unique = {event.event_id: (event.event_id, event.user_id, event.body) for event in arrived}
    # In one order, or two deliveries of the same events wait for each other in a circle.
    rows = [row for _, row in sorted(unique.items())]
    return uow.change(_STORE, {"rows": json.dumps(rows), "at": at})


_EARLIER = webhook_events.alias("earlier")
_OVERTAKEN = exists().where(
    and_(
        _EARLIER.c.status == "new",
        # One that failed waits for its next try without holding up what came after it.
        _EARLIER.c.error.is_(None),
        _EARLIER.c.user_id == webhook_events.c.user_id,
        or_(
            _EARLIER.c.received_at < webhook_events.c.received_at,
            and_(
                _EARLIER.c.received_at == webhook_events.c.received_at,
                _EARLIER.c.event_id < webhook_events.c.event_id,
            ),
        ),
    )
)


#: Nobody has it in hand.
_IS_FREE = or_(
    webhook_events.c.leased_until.is_(None),
    webhook_events.c.leased_until <= bindparam("now"),
    webhook_events.c.leased_until > bindparam("never"),
)


def _claiming(*whose: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """Leases the oldest that are due of those."""
    due = (
        select(webhook_events.c.event_id)
        .where(
            webhook_events.c.status == "new",
            _IS_FREE,
            *whose,
            ~_OVERTAKEN,
        )
        .order_by(webhook_events.c.received_at, webhook_events.c.event_id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    return (
        update(webhook_events)
        .where(webhook_events.c.event_id.in_(due.scalar_subquery()))
        .values(leased_until=bindparam("until"), attempts=webhook_events.c.attempts + 1)
        .returning(
            webhook_events.c.event_id,
            webhook_events.c.body,
            webhook_events.c.received_at,
            webhook_events.c.attempts,
            webhook_events.c.answer,
            webhook_events.c.user_id,
        )
    )


_CLAIM = PreparedStatement(_claiming())
_CLAIM_OTHERS = _claiming(
    func.coalesce(webhook_events.c.user_id, "").not_in(bindparam("but", expanding=True))
)


def claim(
    uow: UnitOfWork,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    but: Collection[str] = (),
) -> list[ClaimedEvent]:
    """The oldest open events, leased to the caller; of one user only the first at a time. The users
    in `but` ("" for all without one) have theirs where nobody else's are open."""
    until = now + lease
    asked = {"now": now, "until": until, "never": until + CLOCKS_APART_MAX, "most": limit}
    others = uow.run(_CLAIM_OTHERS, {**asked, "but": sorted(but)}).all() if but else ()
    rest = limit - len(others)
    rows = [*others, *(uow.ask(_CLAIM, {**asked, "most": rest}) if rest else ())]
    claimed = [ClaimedEvent(*row) for row in rows]
    return sorted(claimed, key=lambda event: (event.received_at, event.event_id))


def free_leases(uow: UnitOfWork) -> None:
    """Frees what a dead process held: for the start of the only process there is."""
    uow.run(
        update(webhook_events)
        .where(webhook_events.c.status == "new", webhook_events.c.error.is_(None))
        .values(leased_until=None)
    )


#: Nobody has taken the event over since, who would do the work as well.
_STILL_OURS = and_(
    webhook_events.c.event_id == bindparam("event"),
    webhook_events.c.attempts == bindparam("attempt"),
    webhook_events.c.status == "new",
    webhook_events.c.answer.is_(None),
)
_KEEP = PreparedStatement(
    update(webhook_events).where(_STILL_OURS).values(answer=bindparam("text"))
)
_CLOSE = PreparedStatement(
    update(webhook_events).where(_STILL_OURS).values(status="done", leased_until=None, error=None)
)


def keep(uow: UnitOfWork, claimed: ClaimedEvent, answer: str | None) -> bool:
    """Notes, in the transaction that did the work, what is to be replied, or that nothing is and
    the event is done.

    False when the lease ran out and somebody else took the event up: they do the work, and this
    transaction must not be kept.
    """
    ours = {"event": claimed.event_id, "attempt": claimed.attempt}
    if answer is None:
        return uow.change(_CLOSE, ours) == 1
    return uow.change(_KEEP, {**ours, "text": answer}) == 1


_FINISH = PreparedStatement(
    update(webhook_events)
    .where(webhook_events.c.event_id == bindparam("event"))
    .values(status=bindparam("end"), leased_until=None, answer=None, error=bindparam("why"))
)


def lock_open(uow: UnitOfWork, event_id: str) -> bool:
    """Whether nobody has closed the event yet; nobody else does then before we are done."""
    ours = webhook_events.c.event_id == event_id
    is_open = select(literal(1)).where(ours, webhook_events.c.status == "new").with_for_update()
    return uow.run(is_open).first() is not None


def close(uow: UnitOfWork, event_id: str, *, unsaid: str | None = None) -> None:
    """Closes an event whose answer was sent; or is not to be, and `unsaid` says why."""
    _finish(uow, event_id, "done", unsaid)


def put_aside(uow: UnitOfWork, event_id: str, error: str) -> None:
    """Ends an event that failed ATTEMPTS_MAX times, for a person to look at."""
    _finish(uow, event_id, "failed", error)


def note_failure(
    uow: UnitOfWork, event_id: str, error: str, *, attempt: int, retry_at: datetime
) -> None:
    """Notes a failure of that attempt: it is tried again at `retry_at`."""
    uow.run(
        update(webhook_events)
        .where(webhook_events.c.event_id == event_id, webhook_events.c.attempts == attempt)
        .values(leased_until=retry_at, error=error[:100])
    )


def _finish(uow: UnitOfWork, event_id: str, status: str, error: str | None) -> None:
    why = error[:100] if error else None
    uow.write(_FINISH, [{"event": event_id, "end": status, "why": why}])


_FREE = PreparedStatement(
    select(literal(1)).where(webhook_events.c.status == "new", _IS_FREE).limit(1)
)


def is_any_free(uow: UnitOfWork, *, now: datetime, lease: timedelta) -> bool:
    """Whether an event is open that nobody holds; it may have to wait for an earlier one."""
    return bool(uow.ask(_FREE, {"now": now, "never": now + lease + CLOCKS_APART_MAX}))


def oldest(uow: UnitOfWork) -> datetime | None:
    """Since when the oldest event waits that was not tried in vain; None where none does."""
    is_open = webhook_events.c.status == "new", webhook_events.c.error.is_(None)
    found: datetime | None = uow.run(
        select(webhook_events.c.received_at)
        .where(*is_open)
        .order_by(webhook_events.c.received_at)
        .limit(1)
    ).scalar()
    return found


def waiting(uow: UnitOfWork) -> int:
    """How many events nobody has finished yet."""
    open_ = select(func.count()).select_from(webhook_events).where(webhook_events.c.status == "new")
    return int(uow.run(open_).scalar_one())


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many events there are by status."""
    rows = uow.run(select(webhook_events.c.status, func.count()).group_by(webhook_events.c.status))
    return {status: int(count) for status, count in rows}


def retry_failed(uow: UnitOfWork) -> int:
    """Opens again what was put aside and can still be read; gives how many that were."""
    return uow.run(
        update(webhook_events)
        .where(webhook_events.c.status == "failed", webhook_events.c.body != "{}")
        .values(status="new", attempts=0, leased_until=None, error=None)
    ).rowcount


#: Events by which somebody shows that they are with us.
_SPEAKS = frozenset({"follow", "message", "postback", "beacon"})
#: How many of a person's latest events are looked at: a redelivery is not older than those.
_LOOKED_AT = 50


def spoke_after(uow: UnitOfWork, user_id: str, at: datetime) -> bool:
    """Whether the person followed or wrote to us after `at`, as far as we have their events."""
    theirs = (
        select(webhook_events.c.body)
        .where(webhook_events.c.user_id == user_id, webhook_events.c.body != "{}")
        .order_by(webhook_events.c.received_at.desc())
        .limit(_LOOKED_AT)
    )
    return any(_speaks_after(body, at) for body in uow.run(theirs).scalars())


def _speaks_after(body: str, at: datetime) -> bool:
    event = json.loads(body)
    stamp = event.get("timestamp")
    if event.get("type") not in _SPEAKS or not isinstance(stamp, int):
        return False
    return stamp > at.timestamp() * 1000


def forget_bodies(uow: UnitOfWork, *, user_id: str) -> None:
    """Empties what a person sent us; the ids stay, so that a redelivery still counts as seen."""
    uow.run(
        update(webhook_events)
        .where(webhook_events.c.user_id == user_id, webhook_events.c.status != "new")
        .values(body="{}", answer=None, user_id=None)
    )
