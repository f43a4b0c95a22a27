"""Send attempts: one push or one multicast, frozen word for word under LINE's retry key.

An attempt that is open may have reached LINE. Where LINE is known not to have taken it, it is
thawed: it is gone, and its messages are queued again, to be decided on anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, func, literal_column, select, true, update

from ..engine import bulk
from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import IS_SENDING, outbox, send_attempts

AttemptKind = Literal["push", "multicast"]
AttemptEnd = Literal["delivered", "failed", "uncertain"]
#: What becomes of the messages of an attempt that ends so.
_OF_MESSAGES = {"delivered": "sent", "failed": "failed", "uncertain": "uncertain"}
#: So much is kept of what LINE calls a request.
_ID_MAX = 100
# Written out, or SQLite would not find that a partial index is meant.
_IS_OPEN = send_attempts.c.status == literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to LINE, made until it is known how it ended."""

    #: LINE's retry key.
    id: str
    kind: AttemptKind
    recipients: int
    body: str
    first_tried_at: datetime
    #: Counts the one that is about to be made.
    tries: int
    #: Earlier attempts with these messages that LINE is known not to have taken.
    refused: int = 0

    @property
    def again(self) -> bool:
        return self.tries > 1


class EndedAttempt(NamedTuple):
    """How an attempt ended, and which request of LINE's it was."""

    id: str
    status: AttemptEnd
    reason: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """That a message went out, or surely never will."""

    member_id: int
    journey: str
    #: As its row says: sent, failed or uncertain.
    status: str
    reason: str | None
    channel: str = "line"


def messages_of(uow: UnitOfWork, ended: Sequence[EndedAttempt]) -> list[MessageEnded]:
    """The messages of attempts that are about to end so, by member."""
    how = {each.id: each for each in ended}
    query = select(outbox.c.member_id, outbox.c.journey, outbox.c.attempt_id).where(
        outbox.c.attempt_id.in_(list(how)), IS_SENDING
    )
    return [
        MessageEnded(
            row.member_id, row.journey, _OF_MESSAGES[how[row.attempt_id].status],
            how[row.attempt_id].reason,
        )
        for row in uow.run(query.order_by(outbox.c.member_id))
    ]  # fmt: skip


def freeze(uow: UnitOfWork, made: Sequence[Attempt], *, lease_until: datetime) -> None:
    """Keeps new attempts, before they are made."""
    columns = ("id", "kind", "recipients", "body", "first_tried_at", "tries", "status")
    rows = [
        (a.id, a.kind, a.recipients, a.body, a.first_tried_at, a.tries, "open", lease_until)
        for a in made
    ]
    bulk.insert_new(uow, send_attempts, (*columns, "next_try_at"), rows)


_DUE = PreparedStatement(
    select(send_attempts)
    .where(_IS_OPEN, send_attempts.c.next_try_at <= bindparam("now"))
    .order_by(send_attempts.c.next_try_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def due(uow: UnitOfWork, *, now: datetime, limit: int) -> list[Attempt]:
    """Open attempts that are to be repeated now; nobody else's until the transaction ends."""
    return [
        Attempt(row.id, row.kind, row.recipients, row.body, row.first_tried_at, row.tries + 1)
        for row in uow.ask(_DUE, {"now": now, "most": limit})
    ]


def take(uow: UnitOfWork, attempts: Sequence[Attempt], *, lease_until: datetime) -> None:
    """Leases attempts that are about to be repeated."""
    rows = [(attempt.id, attempt.tries, lease_until) for attempt in attempts]
    _update(uow, ("tries", "next_try_at"), rows)


def put_off(uow: UnitOfWork, until: Sequence[tuple[str, datetime]]) -> None:
    """Says when attempts (by their ids) are to be repeated."""
    _update(uow, ("next_try_at",), until)


def end(uow: UnitOfWork, ended: Sequence[EndedAttempt], *, now: datetime) -> None:
    """Ends attempts, and their messages with them. What was sent isn't kept."""
    if not ended:
        return
    rows = [(e.id, e.status, e.reason, e.request_id and e.request_id[:_ID_MAX], "") for e in ended]
    _update(uow, ("status", "reason", "request_id", "body"), rows)
    messages = [
        (e.id, _OF_MESSAGES[e.status], e.reason, now if e.status == "delivered" else None)
        for e in ended
    ]
    bulk.update_each(
        uow, outbox, ("attempt_id",), ("status", "reason", "sent_at"), messages,
        only="outbox.status = 'sending'",
    )  # fmt: skip


class ThawedAttempt(NamedTuple):
    """An attempt that LINE has not taken."""

    id: str
    #: When its messages are looked at again.
    not_before: datetime
    #: Why not before.
    reason: str
    #: Whether it counts as a try.
    tried: bool
    #: Whether each is pushed by itself from now on.
    alone: bool = False


def thaw(uow: UnitOfWork, thawed: Sequence[ThawedAttempt]) -> int:
    """Queues the messages of attempts again, and forgets the attempts; gives how many messages.

    One that somebody repeats meanwhile, because our lease ran out, may yet be taken: it stays.
    """
    if not thawed:
        return 0
    gone = delete(send_attempts).where(
        send_attempts.c.id.in_([each.id for each in thawed]), _IS_OPEN, send_attempts.c.tries == 1
    )
    ours = set(uow.run(gone.returning(send_attempts.c.id)).scalars())
    return sum(_queue_again(uow, each) for each in thawed if each.id in ours)


def _queue_again(uow: UnitOfWork, thawed: ThawedAttempt) -> int:
    again = (
        update(outbox)
        .where(outbox.c.attempt_id == thawed.id, IS_SENDING)
        .values(
            status="queued",
            reason=thawed.reason,
            not_before=thawed.not_before,
            attempts=outbox.c.attempts + int(thawed.tried),
            alone=true() if thawed.alone else outbox.c.alone,
            attempt_id=None,
            first_tried_at=None,
            promise=None,
        )
    )
    return uow.run(again).rowcount


_LATE = PreparedStatement(
    select(send_attempts.c.id)
    .where(
        _IS_OPEN,
        send_attempts.c.next_try_at <= bindparam("now"),
        send_attempts.c.first_tried_at <= bindparam("tried_before"),
    )
    .with_for_update(skip_locked=True)
)


def unknown_since(uow: UnitOfWork, *, tried_before: datetime, now: datetime) -> list[str]:
    """The ids of what was first tried before that moment and is still open, unless it is being
    tried now; nobody else's until the transaction ends."""
    late = uow.ask(_LATE, {"now": now, "tried_before": tried_before})
    return [row.id for row in late]


def is_due(uow: UnitOfWork, *, now: datetime) -> bool:
    """Whether an open attempt is to be repeated now."""
    due = select(send_attempts.c.id).where(_IS_OPEN, send_attempts.c.next_try_at <= now)
    return uow.run(due.limit(1)).first() is not None


def free_leases(uow: UnitOfWork, *, now: datetime) -> None:
    """Lets what a dead process had in hand be repeated now: for the start of the only process."""
    uow.run(update(send_attempts).where(_IS_OPEN).values(next_try_at=now))


def next_due(uow: UnitOfWork, *, after: datetime) -> datetime | None:
    """When the next open attempt is to be repeated; None when there is none."""
    moment: datetime | None = uow.run(
        select(func.min(send_attempts.c.next_try_at)).where(
            _IS_OPEN, send_attempts.c.next_try_at > after
        )
    ).scalar()
    return moment


def drop_pushes(uow: UnitOfWork, member_ids: Iterable[int]) -> None:
    """Ends open pushes to members who are gone; a multicast to others too stays as it is."""
    theirs = exists().where(
        and_(
            outbox.c.attempt_id == send_attempts.c.id,
            outbox.c.member_id.in_(list(member_ids)),
            IS_SENDING,
        )
    )
    uow.run(
        update(send_attempts)
        .where(_IS_OPEN, send_attempts.c.kind == "push", theirs)
        .values(status="uncertain", reason="erased", body="")
    )


def _update(uow: UnitOfWork, columns: Sequence[str], rows: bulk.Rows) -> None:
    """`rows` begin with an attempt's id. One that has ended stays as it ended."""
    if rows:
        bulk.update_each(
            uow, send_attempts, ("id",), columns, rows, only="send_attempts.status = 'open'"
        )
