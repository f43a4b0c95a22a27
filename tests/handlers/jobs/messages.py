"""Messages queued as the club queues them, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.line.messages import text_message
from bot.store.members import members
from bot.store.messages import outbox, outbox_figures
from bot.store.messages.outbox import MessageKey
from bot.store.tables import outbox as table
from bot.store.tables import send_attempts
from handlers.actions.telling.messages import Say, SayMessages
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.outcomes import RetryPolicy
from rules.sending.policy import Topic
from tests.handlers.clubs import SmallClub

#: What may have arrived is repeated every other hour: a day of it takes long enough.
RARELY = RetryPolicy(backoff=(timedelta(seconds=5), timedelta(hours=2)))
#: In Japan: 21:00, and 10:00 the next morning.
EVENING, MORNING = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 1, 6, 1, tzinfo=UTC)
USER = "U" + "1" * 32
#: Nobody whom LINE knows.
STRANGER = "U" + "f" * 32


@dataclass(frozen=True)
class Row:
    """What became of a message, and how often what was made of it was tried."""

    status: str
    reason: str | None
    not_before: datetime
    tries: int


def queue(
    cafe: SmallClub,
    member: int,
    text: str = "こんにちは",
    *,
    period: str = "p",
    topic: Topic | None = "ranks",
    say: Say | None = None,
    useful: timedelta = timedelta(days=3),
    priority: int | None = None,
    later: timedelta = timedelta(0),
    journey: str | None = None,
) -> None:
    say = say or SayMessages(messages=(text_message(text),))
    with cafe.store.begin() as uow:
        members.lock(uow, member)
        assert outbox.queue(
            uow,
            MessageKey(member, journey or say.kind, period),
            say.model_dump_json(),
            topic=topic,
            now=cafe.now,
            not_before=cafe.now + later,
            useful_until=cafe.now + useful,
            priority=priority,
        )


def row(cafe: SmallClub, period: str = "p") -> Row:
    """The message of that period; there must be only one."""
    with cafe.store.read() as uow:
        found = uow.run(select(table).where(table.c.period == period)).one()
        attempt = select(send_attempts.c.tries).where(send_attempts.c.id == found.attempt_id)
        tries = uow.run(attempt).scalar() or 0
    return Row(found.status, found.reason, found.not_before, tries)


def statuses(cafe: SmallClub) -> dict[str, int]:
    with cafe.store.read() as uow:
        return outbox_figures.counts(uow)


def everybody(cafe: SmallClub, count: int) -> list[int]:
    """New members, each with LINE: U000…, U000…1 and so on."""
    return [cafe.joins(user(n)) for n in range(count)]


def user(number: int) -> str:
    return f"U{number:032x}"


def travels(cafe: SmallClub, to: datetime, *, past: datetime) -> None:
    """Passes time. The nights in which nothing happens are left out: those before the day of the
    one moment at which something does (`past`), and those after the day that follows it."""
    clockwork = Clockwork(cafe.club, RARELY)
    for stage in (min(to, past), min(to, past + timedelta(days=1)), to):
        if stage > cafe.now:
            cafe.clock.set(max(cafe.now, stage - timedelta(days=1)))
            clockwork.travel(stage, cafe.clock.set)
