"""The outbox by member: what waits for them, what went out to them, and what is taken back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from ..engine.db import UnitOfWork
from ..engine.statements import of_many
from ..tables import IS_QUEUED, IS_SENDING, outbox
from . import attempts
from .outbox import MessageKey

#: Stands between what one message tells of, in its period.
AND = "+"


class SentMessage(NamedTuple):
    """A push that went out, or may have."""

    at: datetime
    journey: str


#: When a message went out, or was first tried to.
TRIED_AT = func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at)
#: That it counts as one its member got: it went out, may have, or is on its way.
COUNTS = and_(
    outbox.c.status.in_([literal_column(f"'{s}'") for s in ("sending", "sent", "uncertain")]),
    outbox.c.topic.is_not(None),
)
_SENT_AT = of_many(
    select(outbox.c.member_id, outbox.c.journey, TRIED_AT.label("at")).where(
        COUNTS, bindparam("since") <= TRIED_AT
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


def _of(member_id: int, journey: str) -> tuple[ColumnElement[bool], ...]:
    return outbox.c.member_id == member_id, outbox.c.journey == journey


def queued(uow: UnitOfWork, member_id: int, journey: str) -> list[tuple[str, str]]:
    """The messages of that journey that are queued for the member and on no way yet: each one's
    period and data, the oldest first."""
    unsent = (
        select(outbox.c.period, outbox.c.say)
        .where(*_of(member_id, journey), outbox.c.status == "queued")
        .order_by(outbox.c.queued_at, outbox.c.period)
    )
    return [(row.period, row.say) for row in uow.run(unsent)]


def withdraw(uow: UnitOfWork, member_id: int, journey: str, period: str) -> None:
    """Takes a queued message out, as if it had never been: another says what it would have."""
    this = (*_of(member_id, journey), outbox.c.period == period)
    uow.run(delete(outbox).where(*this, IS_QUEUED))


def withdraw_all(uow: UnitOfWork, member_id: int, journey: str, begins: str) -> None:
    """Ends what the member has queued of that journey whose period begins so."""
    its = outbox.c.period.startswith(begins, autoescape=True)
    waits = (*_of(member_id, journey), its, outbox.c.status == "queued")
    uow.run(update(outbox).where(*waits).values(status="skipped", reason="undone"))


def retract(
    uow: UnitOfWork, member_id: int, journeys: Sequence[str], periods: Sequence[str]
) -> bool:
    """Takes `periods` back from the member's queued messages of those journeys, and ends those that
    tell of nothing else. True when one of them has gone out already, or may have: what was tried
    once stays as it is.
    """
    among = AND + outbox.c.period + AND
    ours = or_(
        outbox.c.period.in_(periods),
        *(among.contains(f"{AND}{each}{AND}", autoescape=True) for each in periods),
    )
    meant = (outbox.c.member_id == member_id, outbox.c.journey.in_(journeys), ours)
    open_ones = select(outbox.c.journey, outbox.c.period, outbox.c.status).where(
        *meant, outbox.c.status.in_(("queued", "sending", "sent", "uncertain"))
    )
    is_told = False
    for row in uow.run(open_ones).all():
        if row.status != "queued":
            is_told = True
            continue
        left = [each for each in row.period.split(AND) if each not in periods]
        ended = {"status": "skipped", "reason": "undone"}
        says = {"period": AND.join(left)} if left and row.period not in periods else ended
        this = (*_of(member_id, row.journey), outbox.c.period == row.period)
        uow.run(update(outbox).where(*this).values(says))
    return is_told


def drop_queued(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Ends what is still queued or on its way for members who are gone, without its contents."""
    attempts.drop_pushes(uow, member_ids)
    theirs = outbox.c.member_id.in_(list(member_ids))
    uow.run(update(outbox).where(theirs).values(say="{}", promise=None))
    uow.run(update(outbox).where(theirs, IS_QUEUED).values(status="skipped", reason="erased"))
    uow.run(update(outbox).where(theirs, IS_SENDING).values(status="uncertain", reason="erased"))


def forget_account(uow: UnitOfWork, user_id: str) -> None:
    """Ends what is queued for an account that is forgotten, whosever card it was about."""
    theirs = update(outbox).where(outbox.c.user_id == user_id)
    uow.run(theirs.where(IS_QUEUED).values(status="skipped", reason="erased"))
    uow.run(theirs.values(user_id="", say="{}"))


def skip_queued(uow: UnitOfWork, member_id: int, *, reason: str) -> None:
    """Ends what is queued for a member. What is on its way goes its way: it may arrive, and what it
    promises holds; and what goes to an account by name stays."""
    own = outbox.c.user_id.is_(None)
    theirs = update(outbox).where(outbox.c.member_id == member_id, IS_QUEUED, own)
    uow.run(theirs.values(status="skipped", reason=reason))


def forget_ahead(uow: UnitOfWork, now: datetime) -> int:
    """Forgets what was queued at a time that is still ahead of `now` and never went out, so that it
    can be when it is due; gives how many messages that is."""
    never = outbox.c.status.in_(("queued", "skipped", "held_out"))
    return int(uow.run(delete(outbox).where(outbox.c.queued_at > now, never)).rowcount)


class MessageToTakeAlong(NamedTuple):
    """Something that was sent, as its member takes it along."""

    at: datetime
    journey: str
    topic: str | None
    channel: str


def all_sent(uow: UnitOfWork, member_id: int) -> list[MessageToTakeAlong]:
    """All that was sent to the member, the oldest first."""
    rows = uow.run(
        select(outbox.c.sent_at, outbox.c.journey, outbox.c.topic, outbox.c.channel)
        .where(outbox.c.member_id == member_id, outbox.c.sent_at.is_not(None))
        .order_by(outbox.c.sent_at, outbox.c.journey)
    )
    return [MessageToTakeAlong(*row) for row in rows]


class MemberMessage(NamedTuple):
    """A message for a member, and what became of it."""

    journey: str
    channel: str
    status: str
    reason: str | None
    queued_at: datetime
    sent_at: datetime | None


def newest(uow: UnitOfWork, member_ids: Iterable[int], *, limit: int) -> list[MemberMessage]:
    """The last messages for those cards, whatever became of them, the newest first."""
    rows = uow.run(
        select(
            outbox.c.journey, outbox.c.channel, outbox.c.status, outbox.c.reason,
            outbox.c.queued_at, outbox.c.sent_at,
        )
        .where(outbox.c.member_id.in_(list(member_ids)))
        .order_by(outbox.c.queued_at.desc(), outbox.c.journey, outbox.c.period)
        .limit(limit)
    )  # fmt: skip
    return [MemberMessage(*row) for row in rows]


def outcomes(uow: UnitOfWork, member_ids: Iterable[int], journey: str) -> dict[str, str]:
    """What became of the members' messages of that journey, as its status, by period."""
    mine = outbox.c.member_id.in_(list(member_ids)) & (outbox.c.journey == journey)
    found = select(outbox.c.period, outbox.c.status).where(mine)
    return {row.period: row.status for row in uow.run(found)}


class MessageFate(NamedTuple):
    """What became of a message, and why."""

    status: str
    reason: str | None


def status_of(uow: UnitOfWork, name: MessageKey) -> MessageFate | None:
    """What became of that message; None where there is none."""
    this = (*_of(name.member_id, name.journey), outbox.c.period == name.period)
    row = uow.run(select(outbox.c.status, outbox.c.reason).where(*this)).first()
    return MessageFate(row.status, row.reason) if row else None
