"""The outbox in figures: for the owner, the month's quota and the metrics."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, true

from ..engine.db import UnitOfWork
from ..tables import IS_QUEUED, IS_SENDING, IS_SENT, IS_UNSENT, members, outbox


def sent_by_journey(
    uow: UnitOfWork, *, since: datetime, until: datetime | None = None
) -> list[tuple[str, int, int]]:
    """The journeys that sent pushes with a topic from `since` up to `until` (None: now): name,
    priority, how many."""
    by = (outbox.c.journey, outbox.c.priority)
    rows = uow.run(
        select(*by, func.count())
        .where(
            IS_SENT,
            outbox.c.channel == "line",
            outbox.c.sent_at >= since,
            true() if until is None else outbox.c.sent_at < until,
            outbox.c.topic.is_not(None),
        )
        .group_by(*by)
    )
    return [(journey, priority, count) for journey, priority, count in rows]


def all_sent(uow: UnitOfWork, *, since: datetime) -> dict[str, int]:
    """How many pushes each journey sent since then, answers and all that has no topic included."""
    rows = uow.run(
        select(outbox.c.journey, func.count())
        .where(IS_SENT, outbox.c.channel == "line", outbox.c.sent_at >= since)
        .group_by(outbox.c.journey)
    )
    return {journey: int(count) for journey, count in rows}


def waiting(uow: UnitOfWork) -> dict[str, int]:
    """How many messages wait, by the reason for which they do; "" for those whose turn has not
    come."""
    rows = uow.run(select(outbox.c.reason, func.count()).where(IS_QUEUED).group_by(outbox.c.reason))
    return {reason or "": int(count) for reason, count in rows}


def not_sent(uow: UnitOfWork, *, since: datetime) -> dict[tuple[str, str], int]:
    """How many of the messages queued since then came to another end than being sent, by status and
    reason ("" for none)."""
    by = (outbox.c.status, outbox.c.reason)
    rows = uow.run(
        select(*by, func.count())
        .where(
            IS_UNSENT,
            outbox.c.queued_at >= since,
        )
        .group_by(*by)
    )
    return {(status, reason or ""): int(count) for status, reason, count in rows}


def queued_by_journey(uow: UnitOfWork) -> list[tuple[str, int, int]]:
    """The journeys whose pushes with a topic are queued: name, priority, how many."""
    by = (outbox.c.journey, outbox.c.priority)
    rows = uow.run(
        select(*by, func.count())
        .where(IS_QUEUED, outbox.c.channel == "line", outbox.c.topic.is_not(None))
        .group_by(*by)
    )
    return [(journey, priority, count) for journey, priority, count in rows]


def episodes(uow: UnitOfWork, *, since: datetime) -> dict[str, tuple[int, datetime]]:
    """How often each journey fell due from `since` on, sent or held back, and when first; by its
    name."""
    first = func.min(outbox.c.queued_at, type_=outbox.c.queued_at.type)
    rows = uow.run(
        select(outbox.c.journey, func.count(), first)
        .where(outbox.c.arm.is_not(None), outbox.c.queued_at >= since)
        .group_by(outbox.c.journey)
    )
    return {journey: (count, first_at) for journey, count, first_at in rows}


class OutboxDepth(NamedTuple):
    """What waits."""

    #: Messages queued.
    queued: int
    #: Messages on their way.
    sending: int
    #: Since when the oldest of those due is.
    oldest_due: datetime | None


def depth(uow: UnitOfWork, *, now: datetime) -> OutboxDepth:
    queued, oldest = uow.run(
        select(func.count(), func.min(outbox.c.not_before)).where(IS_QUEUED)
    ).one()
    sending = uow.run(select(func.count()).select_from(outbox).where(IS_SENDING)).scalar_one()
    return OutboxDepth(queued, sending, oldest if oldest is not None and oldest <= now else None)


class StatusCount(NamedTuple):
    """How many messages of a journey are in a status for a reason."""

    status: str
    journey: str
    reason: str | None
    messages: int


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many messages there are, by status."""
    rows = uow.run(select(outbox.c.status, func.count()).group_by(outbox.c.status))
    return {status: int(count) for status, count in rows}


def breakdown(uow: UnitOfWork) -> list[StatusCount]:
    """How many messages there are, by status, journey and reason."""
    by = (outbox.c.status, outbox.c.journey, outbox.c.reason)
    rows = uow.run(select(*by, func.count().label("messages")).group_by(*by))
    return sorted(
        (StatusCount(*row) for row in rows), key=lambda count: (*count[:2], count.reason or "")
    )


class UncertainMessage(NamedTuple):
    """A message of which nobody knows whether it arrived."""

    card: str
    journey: str
    period: str
    first_tried_at: datetime | None
    reason: str | None


def uncertain(uow: UnitOfWork, *, limit: int) -> list[UncertainMessage]:
    """The newest of those that may or may not have arrived, and are never sent again."""
    rows = uow.run(
        select(
            members.c.number,
            outbox.c.journey,
            outbox.c.period,
            outbox.c.first_tried_at,
            outbox.c.reason,
        )
        .join_from(outbox, members, members.c.id == outbox.c.member_id)
        .where(outbox.c.status == "uncertain")
        .order_by(outbox.c.first_tried_at.desc())
        .limit(limit)
    )
    return [UncertainMessage(*row) for row in rows]
