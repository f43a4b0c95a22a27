"""The warnings that other parts of the programme promise, before points or a rank go: queued with
the topic, priority and channels of their journeys, whether or not the programme names them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.store.finding import audience
from bot.store.members.members import Member
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.journeys.programme import promised_warning

from .channel import way_to
from .messages import SayPointsExpiring, SayRankAtRisk, dump


@dataclass(frozen=True, slots=True)
class OwedWarning:
    """What is to be said, once for its period."""

    say: SayPointsExpiring | SayRankAtRisk
    period: str
    #: How long it is of use.
    useful: timedelta


def warn(work: Work, member: Member, warning: OwedWarning, *, sms: bool) -> bool:
    """Queues a warning for the member; False when it was queued before, or nothing reaches them.
    `sms`: this club can send some."""
    journey = promised_warning(work.programme, warning.say.kind)
    [listener] = audience.listeners(work.uow, [member.id], journey=journey.queued_as)
    channel = way_to(listener, journey, sms=sms)
    if channel is None and member.line_user_id is None:
        return False
    return outbox.queue(
        work.uow,
        MessageKey(member.id, journey.queued_as, warning.period),
        dump(warning.say),
        topic=journey.topic,
        now=work.now,
        useful_until=work.now + warning.useful,
        priority=journey.priority,
        # Who has blocked us may come back while it is of use.
        channel=channel or "line",
    )
