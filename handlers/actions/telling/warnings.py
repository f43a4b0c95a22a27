"""The warnings that other parts of the programme promise, before points or a rank go: queued with
the topic, priority and channels of their journeys, whether or not the programme names them."""

from datetime import timedelta

from bot.store.finding import audience
from bot.store.members.members import Member
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.journeys.programme import promised_warning
from rules.programme.programme import Programme

from .channel import way_to
from .messages import SayPointsExpiring, SayRankAtRisk, dump


def warn(
    work: Work,
    programme: Programme,
    member: Member,
    say: SayPointsExpiring | SayRankAtRisk,
    *,
    period: str,
    useful: timedelta,
    sms: bool,
) -> bool:
    """Queues `say` for the member, once per period; False when it was queued before, or nothing
    reaches them. `sms`: this club can send some."""
    journey = promised_warning(programme, say.kind)
    [listener] = audience.listeners(work.uow, [member.id], journey=journey.queued_as)
    channel = way_to(listener, journey, sms=sms)
    if channel is None and member.line_user_id is None:
        return False
    return outbox.queue(
        work.uow,
        MessageKey(member.id, journey.queued_as, period),
        dump(say),
        topic=journey.topic,
        now=work.now,
        useful_until=work.now + useful,
        priority=journey.priority,
        # Who has blocked us may come back while it is of use.
        channel=channel or "line",
    )
