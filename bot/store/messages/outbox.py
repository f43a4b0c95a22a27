"""The outbox: what is to be sent, queued in the transaction that caused it.

A worker claims messages in one transaction, and decides in it whether and what to send; what is
sent is frozen there too, as `attempts`. So a message is either queued and undecided, or on its way
("sending") with its attempt, or done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select, text, update

from rules.activity import Membership
from rules.journeys.parts import Channel
from rules.sending.policy import Topic

from ..engine import bulk
from ..engine.db import Store, UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import IS_QUEUED, IS_SENDING, line_accounts, members, outbox
from ..tables.types import UtcDateTime
from .attempts import MessageEnded

DecidedStatus = Literal["queued", "sending", "skipped"]
EndedAlone = Literal["sent", "failed", "uncertain"]

#: So many messages are changed in one transaction where all of a kind are.
CHUNK = 500
#: Priorities: the lowest number goes first, 9 last. An answer to the member is first of all.
ANSWER, NORMAL = 0, 5


@dataclass(frozen=True, slots=True)
class MessageKey:
    """What makes a message the only one of its kind: member, journey, period."""

    member_id: int
    journey: str
    period: str


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message taken up, and who it is for as things stand now."""

    name: MessageKey
    topic: Topic | None
    #: Data to make the text from.
    say: str
    useful_until: datetime
    priority: int
    #: How many LINE is known not to have taken.
    attempts: int
    alone: bool
    attempt_id: str | None
    #: None without LINE.
    user_id: str | None
    #: What LINE shows.
    display_name: str
    #: Whether there is an account, blocked or not.
    reachable: bool
    blocked: bool
    erased: bool
    membership: Membership
    topics_left: tuple[str, ...]

    @property
    def on_line(self) -> bool:
        """Whether LINE reaches them."""
        return self.reachable and not self.blocked


class MessageDecision(NamedTuple):
    """What was decided on a message."""

    member_id: int
    journey: str
    period: str
    status: DecidedStatus
    #: Why it waits, or is skipped.
    reason: str | None
    not_before: datetime
    useful_until: datetime
    attempt_id: str | None = None
    first_tried_at: datetime | None = None
    #: What its words promise, in data.
    promise: str | None = None


class PlannedMessage(NamedTuple):
    """A message to queue: who, why and for which period, which is said once."""

    member_id: int
    journey: str
    period: str
    #: Data to make the text from.
    say: str
    #: None for an answer to something the member did.
    topic: Topic | None
    queued_at: datetime
    not_before: datetime
    useful_until: datetime
    priority: int = NORMAL
    channel: Channel = "line"
    #: The journey's.
    arm: str | None = None
    #: The journey's.
    step: int | None = None
    #: "held_out": of the share that a test holds back; it is kept on record and never sent.
    #: "skipped": it is not to be sent either, for the reason.
    status: Literal["queued", "held_out", "skipped"] = "queued"
    #: "other_audience": held_out since its arm is for others, and so on that arm's side. "moved":
    #: the club that this one came from may have sent it.
    reason: Literal["other_audience", "moved"] | None = None
    #: The journey's: of a visit within its `measure_days`, when this was drawn.
    chance: float | None = None
    #: The journey's: with which probability this was to be "held_out".
    share: float | None = None


def queue(
    uow: UnitOfWork,
    name: MessageKey,
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
    user_id: str | None = None,
) -> bool:
    """Queues one message; False when this member had it for this period already.

    Without a `priority` an answer (no topic) goes before everything else. `user_id`: the LINE
    account it goes to, where that isn't the member's own.
    """
    if priority is None:
        priority = NORMAL if topic else ANSWER
    planned = PlannedMessage(
        name.member_id, name.journey, name.period, say, topic, now, not_before or now,
        useful_until, priority, channel, arm, step,
    )  # fmt: skip
    return uow.insert_new(outbox, [{**planned._asdict(), "user_id": user_id}]) == 1


def queue_many(uow: UnitOfWork, planned: Sequence[PlannedMessage]) -> int:
    """Queues messages by the thousand; gives how many are new. What a member has for a period
    already stays as it is, whatever became of it.

    Two transactions that queue for the same members should do so in the same order.
    """
    return bulk.insert_new(uow, outbox, PlannedMessage._fields, planned)


#: The priorities among what is queued, found one after another in the index, as far as something
#: of them is due.
_PRIORITIES = text("""
    WITH RECURSIVE found (priority) AS (
        SELECT min(priority) FROM outbox WHERE status = 'queued' AND channel = :channel
        UNION ALL
        SELECT (
            SELECT min(priority) FROM outbox
            WHERE status = 'queued' AND channel = :channel AND priority > found.priority
        ) FROM found WHERE found.priority IS NOT NULL
    )
    SELECT priority FROM found WHERE priority IS NOT NULL AND EXISTS (
        SELECT 1 FROM outbox
        WHERE status = 'queued' AND channel = :channel AND priority = found.priority
            AND not_before <= :now
    )
    ORDER BY priority
""").bindparams(bindparam("now", type_=UtcDateTime))

_RECIPIENT = func.coalesce(outbox.c.user_id, members.c.line_user_id)
_WITH_RECIPIENT = (
    select(
        *(outbox.c[name] for name in (
            "member_id", "journey", "period", "topic", "say", "useful_until", "priority",
            "attempts", "alone", "attempt_id",
        )),
        _RECIPIENT.label("line_user_id"),
        members.c.membership,
        members.c.topics_left,
        members.c.erased_at,
        line_accounts.c.display_name,
        line_accounts.c.blocked,
    )
    .join_from(outbox, members, members.c.id == outbox.c.member_id)
    .outerjoin(line_accounts, line_accounts.c.user_id == _RECIPIENT)
)  # fmt: skip
_DUE = PreparedStatement(
    _WITH_RECIPIENT.where(
        IS_QUEUED,
        outbox.c.channel == bindparam("channel"),
        outbox.c.priority == bindparam("priority"),
        outbox.c.not_before <= bindparam("now"),
    )
    .order_by(outbox.c.not_before, outbox.c.member_id)
    .limit(bindparam("most"))
    # Not against those who only refer to the member, as another message being queued does.
    .with_for_update(of=[outbox, members], key_share=True, skip_locked=True)
)


def claim(
    uow: UnitOfWork, *, now: datetime, limit: int, channel: Channel = "line"
) -> list[QueuedMessage]:
    """The messages due, by priority and then longest; they and their members are the caller's until
    the transaction ends. Whose member somebody else works on at this moment is left for later."""
    taken: list[QueuedMessage] = []
    for priority in uow.run(_PRIORITIES, {"channel": channel, "now": now}).scalars().all():
        wanted = {"channel": channel, "priority": priority, "now": now, "most": limit - len(taken)}
        taken += map(_queued_message, uow.ask(_DUE, wanted))
        if len(taken) >= limit:
            break
    return taken


def is_due(uow: UnitOfWork, *, now: datetime, channel: Channel = "line") -> bool:
    """Whether something may be due now."""
    return uow.run(_PRIORITIES, {"channel": channel, "now": now}).first() is not None


def of_attempts(uow: UnitOfWork, attempt_ids: Sequence[str]) -> dict[str, list[QueuedMessage]]:
    """The messages on their way, by the ids of their attempts."""
    by_attempt: dict[str, list[QueuedMessage]] = {each: [] for each in attempt_ids}
    sending = _WITH_RECIPIENT.where(outbox.c.attempt_id.in_(list(attempt_ids)), IS_SENDING)
    for row in uow.run(sending):
        by_attempt[row.attempt_id].append(_queued_message(row))
    return by_attempt


def _queued_message(row: Any) -> QueuedMessage:
    return QueuedMessage(
        MessageKey(row.member_id, row.journey, row.period), row.topic, row.say, row.useful_until,
        row.priority, row.attempts, row.alone, row.attempt_id, row.line_user_id or None,
        row.display_name or "", row.blocked is not None,
        bool(row.blocked), row.erased_at is not None,
        row.membership, tuple(row.topics_left.split()),
    )  # fmt: skip


def decide(uow: UnitOfWork, decided: Sequence[MessageDecision]) -> None:
    """Notes what was decided on messages that the caller claimed."""
    if decided:
        # By their keys alone: being queued would lead PostgreSQL through all that are.
        bulk.update_each(
            uow, outbox, MessageDecision._fields[:3], MessageDecision._fields[3:], decided
        )


class MessagePromise(NamedTuple):
    """A message on its way that promises something: `promise` is the data to keep it by."""

    member_id: int
    journey: str
    period: str
    promise: str
    first_tried_at: datetime


def promises_of(uow: UnitOfWork, attempt_ids: Sequence[str]) -> list[MessagePromise]:
    """The messages on their way by those attempts that promise something, by member."""
    columns = [outbox.c[name] for name in MessagePromise._fields]
    rows = uow.run(
        select(*columns)
        .where(
            outbox.c.attempt_id.in_(list(attempt_ids)), IS_SENDING, outbox.c.promise.is_not(None)
        )
        .order_by(outbox.c.member_id)
    )
    return [MessagePromise(*row) for row in rows]


def tried_alone(uow: UnitOfWork, *, tried_before: datetime, lock: bool = False) -> list[MessageKey]:
    """Messages on their way without a repeatable attempt (SMS), first tried before that moment;
    with `lock` nobody else's until the transaction ends."""
    late = select(outbox.c.member_id, outbox.c.journey, outbox.c.period).where(
        IS_SENDING, outbox.c.attempt_id.is_(None), outbox.c.first_tried_at <= tried_before
    )
    rows = uow.run(late.with_for_update(skip_locked=True) if lock else late)
    return [MessageKey(*row) for row in rows]


def _that_is(name: MessageKey) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.member_id == name.member_id,
        outbox.c.journey == name.journey,
        outbox.c.period == name.period,
    )


def end_alone(
    uow: UnitOfWork,
    name: MessageKey,
    status: EndedAlone,
    *,
    reason: str | None = None,
    now: datetime,
) -> MessagePromise | None:
    """Ends one of those; gives what it promised, unless it surely failed or had ended before."""
    row = uow.run(
        update(outbox)
        .where(*_that_is(name), IS_SENDING)
        .values(status=status, reason=reason, sent_at=now if status == "sent" else None)
        .returning(*(outbox.c[field] for field in MessagePromise._fields))
    ).first()
    if row is not None:
        ended = MessageEnded(row.member_id, row.journey, status, reason, "sms")
        uow.journal.append(ended)
    if row is None or row.promise is None or status == "failed":
        return None
    return MessagePromise(*row)


def queue_again(
    uow: UnitOfWork, name: MessageKey, *, reason: str, not_before: datetime, tried: bool
) -> None:
    """Queues again what is on its way and surely has not left; `tried`: that counts as a try."""
    uow.run(
        update(outbox)
        .where(*_that_is(name), IS_SENDING)
        .values(
            status="queued",
            reason=reason,
            not_before=not_before,
            attempts=outbox.c.attempts + int(tried),
            first_tried_at=None,
            promise=None,
        )
    )


def move_to(uow: UnitOfWork, name: MessageKey, channel: Channel) -> None:
    """Lets that channel carry what was queued for the other; tries by that one don't count."""
    uow.run(update(outbox).where(*_that_is(name), IS_QUEUED).values(channel=channel, attempts=0))


def next_due(uow: UnitOfWork, *, after: datetime) -> datetime | None:
    """When the next message falls due after that moment; None when nothing does."""
    due: datetime | None = uow.run(
        select(func.min(outbox.c.not_before)).where(IS_QUEUED, outbox.c.not_before > after)
    ).scalar()
    return due


def wake(store: Store, *, reason: str, now: datetime, journey: str | None = None) -> int:
    """Lets what waits for that reason be looked at now, or only what that journey has; gives how
    many messages. Should it die halfway, the rest is looked at when its time comes."""
    waits = and_(IS_QUEUED, outbox.c.reason == reason, outbox.c.not_before > now)
    if journey is not None:
        waits = and_(waits, outbox.c.journey == journey)
    return _change_queued(store, waits, {"not_before": now})


def withdraw_all(store: Store, journey: str) -> int:
    """Ends what is queued of that journey; gives how many messages. What is on its way goes its
    way."""
    meant = and_(IS_QUEUED, outbox.c.arm.is_not(None), outbox.c.journey == journey)
    return _change_queued(store, meant, {"status": "skipped", "reason": "withdrawn"})


def withdraw_period(store: Store, journey: str, period: str) -> int:
    """As `withdraw_all`, of that period alone, drawn to an arm or not."""
    meant = and_(IS_QUEUED, outbox.c.journey == journey, outbox.c.period == period)
    return _change_queued(store, meant, {"status": "skipped", "reason": "withdrawn"})


def skip_late(store: Store, *, now: datetime) -> int:
    """Ends what is of no use any more, while nothing is sent; gives how many messages."""
    late = and_(IS_QUEUED, outbox.c.useful_until <= now)
    return _change_queued(store, late, {"status": "skipped", "reason": "too_late"})


def _change_queued(store: Store, meant: ColumnElement[bool], to: Mapping[str, Any]) -> int:
    """Changes all such messages `to` something that is meant no more, in transactions so short that
    nobody waits for them; ends where one has changed nothing."""
    keys = MessageDecision._fields[:3]
    query = select(*(outbox.c[name] for name in keys)).where(meant).limit(CHUNK)
    count = 0
    while True:
        with store.read() as uow:
            rows = [(*name, *to.values()) for name in uow.run(query)]
        if not rows:
            return count
        with store.begin() as uow:
            changed = bulk.update_each(
                uow, outbox, keys, tuple(to), rows, only="outbox.status = 'queued'"
            )
        count += changed
        if not changed:
            return count
