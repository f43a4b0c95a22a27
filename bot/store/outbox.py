"""The outbox: what is to be pushed, queued in the transaction that caused it.

A worker claims a row by a lease and decides then whether and what to send. The body is frozen with
LINE's retry key before the first attempt; after 24 hours without knowing, it is "uncertain".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, tuple_, update

from rules.sending import Topic

from . import bulk
from .db import UnitOfWork
from .tables import outbox

Status = Literal["queued", "sent", "skipped", "uncertain", "failed", "held_out"]
Channel = Literal["line", "sms"]

#: Priorities: the lowest number goes first, 9 last. An answer to the member is first of all.
ANSWER, NORMAL = 0, 5


@dataclass(frozen=True, slots=True)
class Name:
    """What makes a message the only one of its kind: member, journey, period."""

    member_id: int
    journey: str
    period: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A claimed message, ours until `leased_until`. `say` is data to make the text from; `body` and
    `retry_key` are set once it is frozen; `attempts` are those made so far."""

    name: Name
    topic: Topic | None
    say: str
    useful_until: datetime
    body: str | None
    retry_key: str | None
    first_tried_at: datetime | None
    attempts: int
    leased_until: datetime


class Planned(NamedTuple):
    """A message to queue: who, why and for which period, which is said once.

    `say` is data to make the text from. `topic` is None for an answer to something the member did.
    `held_out`: of the share that a test holds back; it is kept on record and never sent. `arm` and
    `step` are the journey's.
    """

    member_id: int
    journey: str
    period: str
    say: str
    topic: Topic | None
    queued_at: datetime
    not_before: datetime
    useful_until: datetime
    priority: int = NORMAL
    channel: Channel = "line"
    arm: str | None = None
    step: int | None = None
    status: Literal["queued", "held_out"] = "queued"


def queue(
    uow: UnitOfWork,
    name: Name,
    say: str,
    *,
    topic: Topic | None,
    now: datetime,
    not_before: datetime | None = None,
    useful_until: datetime,
    priority: int | None = None,
    arm: str | None = None,
    step: int | None = None,
    channel: Channel = "line",
) -> bool:
    """Queues one message; False when this member had it for this period already.

    Without a `priority` an answer (no topic) goes before everything else.
    """
    if priority is None:
        priority = NORMAL if topic else ANSWER
    planned = Planned(
        name.member_id, name.journey, name.period, say, topic, now, not_before or now,
        useful_until, priority, channel, arm, step,
    )  # fmt: skip
    return uow.insert_new(outbox, [planned._asdict()]) == 1


def queue_many(uow: UnitOfWork, planned: Sequence[Planned]) -> int:
    """Queues messages by the thousand; gives how many are new. What a member has for a period
    already stays as it is, whatever became of it.

    Two transactions that queue for the same members should do so in the same order.
    """
    return bulk.insert_new(uow, outbox, Planned._fields, planned)


_KEY = (outbox.c.member_id, outbox.c.journey, outbox.c.period)


def claim(uow: UnitOfWork, *, now: datetime, lease: timedelta, limit: int) -> list[Queued]:
    """The messages due longest, leased to the caller."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    due = (
        select(*_KEY)
        .where(outbox.c.status == "queued", outbox.c.not_before <= now, free)
        .order_by(outbox.c.not_before, outbox.c.member_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [tuple(row) for row in uow.run(due)]
    if not keys:
        return []
    rows = uow.run(
        update(outbox)
        .where(tuple_(*_KEY).in_(keys))
        .values(leased_until=now + lease)
        .returning(*outbox.c)
    ).all()
    oldest_first = sorted(rows, key=lambda row: (row.not_before, row.member_id))
    return [_queued(row) for row in oldest_first]


def _queued(row: Row[Any]) -> Queued:
    return Queued(
        Name(row.member_id, row.journey, row.period), row.topic, row.say, row.useful_until,
        row.body, row.retry_key, row.first_tried_at, row.attempts, row.leased_until,
    )  # fmt: skip


def hold(uow: UnitOfWork, queued: Queued, *, now: datetime, lease: timedelta) -> Queued | None:
    """A claimed message as it is now, its lease begun anew; None when the lease ran out and
    somebody else has it, or had it and is done."""
    row = uow.run(
        update(outbox)
        .where(*_is(queued.name), outbox.c.leased_until == queued.leased_until)
        .values(leased_until=now + lease)
        .returning(*outbox.c)
    ).first()
    return _queued(row) if row else None


def free_leases(uow: UnitOfWork) -> None:
    """Frees what a dead process held: for the start of the only process there is."""
    uow.run(update(outbox).where(outbox.c.status == "queued").values(leased_until=None))


def freeze(uow: UnitOfWork, name: Name, *, body: str, retry_key: str, now: datetime) -> None:
    """Fixes what is sent, before the first attempt."""
    _set(uow, name, body=body, retry_key=retry_key, first_tried_at=now)


def sent(uow: UnitOfWork, name: Name, *, now: datetime) -> None:
    _close(uow, name, "sent", None, sent_at=now)


def close(uow: UnitOfWork, name: Name, status: Status, reason: str) -> None:
    """Ends a message that is not sent, and says why."""
    _close(uow, name, status, reason)


def later(uow: UnitOfWork, name: Name, *, not_before: datetime, tried: bool) -> None:
    """Puts a message off; `tried` when an attempt was made and may have to be repeated."""
    _set(
        uow,
        name,
        not_before=not_before,
        leased_until=None,
        attempts=outbox.c.attempts + (1 if tried else 0),
    )


def thaw(uow: UnitOfWork, name: Name, *, not_before: datetime) -> None:
    """Puts off a message that LINE is known not to have taken: it is decided on anew then."""
    _set(
        uow,
        name,
        body=None,
        retry_key=None,
        first_tried_at=None,
        attempts=0,
        not_before=not_before,
        leased_until=None,
    )


def _close(uow: UnitOfWork, name: Name, status: Status, reason: str | None, **more: Any) -> None:
    _set(uow, name, status=status, reason=reason, leased_until=None, **more)


def _set(uow: UnitOfWork, name: Name, **values: Any) -> None:
    uow.run(update(outbox).where(*_is(name)).values(**values))


def _is(name: Name) -> tuple[ColumnElement[bool], ...]:
    """The message of that name, as long as it is not ended."""
    return (
        outbox.c.member_id == name.member_id,
        outbox.c.journey == name.journey,
        outbox.c.period == name.period,
        outbox.c.status == "queued",
    )


def sent_since(
    uow: UnitOfWork, member_id: int, *, day: datetime, week: datetime, other_than: Name
) -> tuple[int, int]:
    """How many pushes with a topic the member got since `day`, and since `week`; one that may have
    arrived, or is on its way at this moment, counts like one that did."""
    at = func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at)
    row = uow.run(
        select(func.coalesce(func.sum(case((at >= day, 1), else_=0)), 0), func.count()).where(
            outbox.c.member_id == member_id,
            at >= week,
            outbox.c.status.in_(("queued", "sent", "uncertain")),
            outbox.c.topic.is_not(None),
            or_(outbox.c.journey != other_than.journey, outbox.c.period != other_than.period),
        )
    ).one()
    today, all_week = row
    return int(today), int(all_week)


def is_waiting(uow: UnitOfWork, member_id: int, journey: str, *, period_begins: str) -> bool:
    """Whether a message of that journey, for such a period, is queued and not sent yet."""
    waiting = select(outbox.c.period).where(
        outbox.c.member_id == member_id,
        outbox.c.journey == journey,
        outbox.c.period.startswith(period_begins, autoescape=True),
        outbox.c.status == "queued",
    )
    return uow.run(waiting.limit(1)).first() is not None


def retract(
    uow: UnitOfWork, member_id: int, journeys: Sequence[str], periods: Sequence[str]
) -> bool:
    """Ends the member's queued messages of those journeys whose period is one of `periods`, or
    begins with one and a colon. True when one of them has gone out already, or may have: what was
    tried once stays as it is.
    """
    ours = or_(
        outbox.c.period.in_(periods),
        *(outbox.c.period.startswith(f"{each}:", autoescape=True) for each in periods),
    )
    meant = (outbox.c.member_id == member_id, outbox.c.journey.in_(journeys), ours)
    untried = and_(outbox.c.status == "queued", outbox.c.first_tried_at.is_(None))
    uow.run(
        update(outbox)
        .where(*meant, untried)
        .values(status="skipped", reason="undone", leased_until=None)
    )
    told = select(outbox.c.period).where(
        *meant, outbox.c.status.in_(("queued", "sent", "uncertain"))
    )
    return uow.run(told.limit(1)).first() is not None


def next_due(uow: UnitOfWork) -> datetime | None:
    """When the next queued message may go out; None when nothing is queued."""
    due: datetime | None = uow.run(
        select(func.min(outbox.c.not_before)).where(outbox.c.status == "queued")
    ).scalar()
    return due


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many messages there are by status."""
    rows = uow.run(select(outbox.c.status, func.count()).group_by(outbox.c.status))
    return {status: int(count) for status, count in rows}


def drop_queued(uow: UnitOfWork, member_ids: Sequence[int]) -> None:
    """Ends what is still queued for members who are gone, without its contents."""
    uow.run(
        update(outbox).where(outbox.c.member_id.in_(list(member_ids))).values(say="{}", body=None)
    )
    uow.run(
        update(outbox)
        .where(outbox.c.member_id.in_(list(member_ids)), outbox.c.status == "queued")
        .values(status="skipped", reason="erased")
    )
