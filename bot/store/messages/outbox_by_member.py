"""The outbox by member: what waits for them, what went out to them, and what is taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import of_many
from ..tables import IS_QUEUED, IS_SENDING, outbox
from . import attempts


class SentMessage(NamedTuple):
    """A push that went out, or may have."""

    at: datetime
    journey: str


_tried_at = func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at)
_SENT_AT = of_many(
    select(outbox.c.member_id, outbox.c.journey, _tried_at.label("at")).where(
        outbox.c.status.in_([literal_column(f"'{s}'") for s in ("sending", "sent", "uncertain")]),
        outbox.c.topic.is_not(None),
        _tried_at >= bindparam("since"),
    ),
    outbox.c.member_id,
    "members",
)


def sent_at(
    uow: UnitOfWork, member_ids: Iterable[int], *, since: datetime
) -> dict[int, list[SentMessage]]:
    """When the members got pushes with a topic since that moment. One that may have arrived, or is
    on its way, counts like one that did."""
    by_member: dict[int, list[SentMessage]] = {}
    for row in uow.ask(_SENT_AT, {"members": member_ids, "since": since}):
        by_member.setdefault(row.member_id, []).append(SentMessage(row.at, row.journey))
    return by_member


def all_since(uow: UnitOfWork, member_id: int, *, since: datetime) -> list[datetime]:
    """When the member got pushes of any kind since that moment; an answer that is queued counts
    from then on."""
    at = func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at, outbox.c.queued_at)
    pushes = select(at).where(
        outbox.c.member_id == member_id,
        or_(
            outbox.c.status.in_(("sending", "sent", "uncertain")),
            and_(IS_QUEUED, outbox.c.topic.is_(None)),
        ),
        at >= since,
    )
    return list(uow.run(pushes).scalars())


_WAITING = of_many(
    # Not by the channel: it would lead SQLite through all that is queued.
    select(outbox.c.member_id, outbox.c.priority, outbox.c.channel).where(
        IS_QUEUED,
        outbox.c.topic.is_not(None),
        outbox.c.not_before <= bindparam("before"),
    ),
    outbox.c.member_id,
    "members",
)


def priorities_waiting(
    uow: UnitOfWork, member_ids: Iterable[int], *, before: datetime
) -> dict[int, list[int]]:
    """The priorities of pushes with a topic that are queued for the members and due by then."""
    by_member: dict[int, list[int]] = {}
    for row in uow.ask(_WAITING, {"members": member_ids, "before": before}):
        if row.channel == "line":
            by_member.setdefault(row.member_id, []).append(row.priority)
    return by_member


def periods(uow: UnitOfWork, member_ids: Sequence[int], *, journey: str) -> set[tuple[int, str]]:
    """For which periods the members have that journey's message, whatever became of it."""
    rows = uow.run(
        select(outbox.c.member_id, outbox.c.period).where(
            outbox.c.member_id.in_(list(member_ids)), outbox.c.journey == journey
        )
    )
    return {(row.member_id, row.period) for row in rows}


def waiting(uow: UnitOfWork, member_id: int, journey: str) -> list[str]:
    """The periods for which a message of that journey is queued for the member, or on its way."""
    queued = select(outbox.c.period).where(
        outbox.c.member_id == member_id,
        outbox.c.journey == journey,
        outbox.c.status.in_(("queued", "sending")),
    )
    return list(uow.run(queued).scalars())


def has_failed(uow: UnitOfWork, member_id: int, journey: str, *, since: datetime) -> bool:
    """Whether a message of that journey, queued since then, was refused for good."""
    failed = select(outbox.c.period).where(
        outbox.c.member_id == member_id,
        outbox.c.journey == journey,
        outbox.c.status == "failed",
        outbox.c.queued_at >= since,
    )
    return uow.run(failed.limit(1)).first() is not None


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
    uow.run(update(outbox).where(*meant, IS_QUEUED).values(status="skipped", reason="undone"))
    told = select(outbox.c.period).where(
        *meant, outbox.c.status.in_(("sending", "sent", "uncertain"))
    )
    return uow.run(told.limit(1)).first() is not None


def drop_queued(uow: UnitOfWork, member_ids: Sequence[int]) -> None:
    """Ends what is still queued or on its way for members who are gone, without its contents."""
    attempts.drop_pushes(uow, member_ids)
    theirs = outbox.c.member_id.in_(list(member_ids))
    uow.run(update(outbox).where(theirs).values(say="{}", promise=None))
    uow.run(update(outbox).where(theirs, IS_QUEUED).values(status="skipped", reason="erased"))
    uow.run(update(outbox).where(theirs, IS_SENDING).values(status="uncertain", reason="erased"))


def skip_queued(uow: UnitOfWork, member_id: int, *, reason: str) -> None:
    """Ends what is queued for a member. What is on its way goes its way: it may arrive, and what it
    promises holds."""
    theirs = update(outbox).where(outbox.c.member_id == member_id, IS_QUEUED)
    uow.run(theirs.values(status="skipped", reason=reason))


def forget_ahead(uow: UnitOfWork, now: datetime) -> int:
    """Forgets what was queued at a time that is still ahead of `now` and never went out, so that it
    can be when it is due; gives how many messages that is."""
    never = outbox.c.status.in_(("queued", "skipped", "held_out"))
    return int(uow.run(delete(outbox).where(outbox.c.queued_at > now, never)).rowcount)
