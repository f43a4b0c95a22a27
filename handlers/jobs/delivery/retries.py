"""Repeating what may have reached LINE: the same body under the same key, as long as LINE knows it.

Whether it is still right is asked again each time, as for any message. A multicast goes out again
as long as it is right for anybody in it: to the others it was on its way already.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.line.limits import RETRY_KEY_HOURS
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import Attempt, EndedAttempt
from bot.store.messages.outbox import QueuedMessage
from handlers.actions.recording.work import Work
from rules.programme.timeline import Timeline
from rules.sending.policy import Send, Skip, Wait

from .decisions import NOTHING, Batch, DeliveryRound
from .permission import verdict
from .promises import end

#: How long after the first try LINE surely still knows the key.
RETRY_KEY_LIFE = timedelta(hours=RETRY_KEY_HOURS) - timedelta(minutes=10)


def give_up(work: Work) -> int:
    """Ends what LINE would not know any more: nobody can say whether it arrived."""
    late = attempts.unknown_since(work.uow, tried_before=work.now - RETRY_KEY_LIFE, now=work.now)
    end(work, [EndedAttempt(each, "uncertain", "unknown_after_24h") for each in late])
    return len(late)


def repeat(work: Work, take: DeliveryRound) -> Batch:
    """Takes up open attempts whose time has come."""
    now = take.now
    due = attempts.due(work.uow, now=now, limit=take.limit)
    if not due:
        return NOTHING
    told = outbox.of_attempts(work.uow, [attempt.id for attempt in due])
    again: list[Attempt] = []
    later: list[tuple[str, datetime]] = []
    ended: list[EndedAttempt] = []
    for attempt in due:
        says = _verdict(work.timeline, told[attempt.id], now)
        if isinstance(says, Send):
            again.append(attempt)
        elif isinstance(says, Wait):
            later.append((attempt.id, says.until))
        else:
            ended.append(EndedAttempt(attempt.id, "uncertain", says.reason))
    attempts.take(work.uow, again, lease_until=now + take.lease)
    attempts.put_off(work.uow, later)
    end(work, ended)
    return Batch(len(due), again, Counter(uncertain=len(ended)))


def _verdict(
    timeline: Timeline, told: Sequence[QueuedMessage], now: datetime
) -> Send | Wait | Skip:
    """What is right for whoever it is right for. Caps and quota were counted when it was frozen."""
    all_say = [verdict(timeline, queued, now=now) for queued in told]
    for kind in (Send, Wait):
        found = next((says for says in all_say if isinstance(says, kind)), None)
        if found is not None:
            return found
    return next((says for says in all_say if isinstance(says, Skip)), Skip("unreachable"))
