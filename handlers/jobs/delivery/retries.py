"""Repeating what may have reached LINE: the same body under the same key, as long as LINE knows it.

Whether it is still right is asked again each time, as for any message. A multicast goes out again
as long as it is right for anybody in it: to the others it was on its way already.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.line.limits import RETRY_KEY_HOURS
from bot.store import UnitOfWork
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import Attempt, Ended
from bot.store.messages.outbox import Queued
from rules.programme.timeline import Timeline
from rules.sending.policy import Send, Skip, Wait

from .deciding import NOTHING, Batch, Take
from .permission import verdict
from .promises import end

#: How long after the first try LINE surely still knows the key.
RETRY_KEY_LIFE = timedelta(hours=RETRY_KEY_HOURS) - timedelta(minutes=10)


def give_up(uow: UnitOfWork, timeline: Timeline, *, now: datetime) -> int:
    """Ends what LINE would not know any more: nobody can say whether it arrived."""
    late = attempts.unknown_since(uow, tried_before=now - RETRY_KEY_LIFE, now=now)
    end(uow, timeline, [Ended(each, "uncertain", "unknown_after_24h") for each in late], now=now)
    return len(late)


def repeat(uow: UnitOfWork, timeline: Timeline, take: Take) -> Batch:
    """Takes up open attempts whose time has come."""
    now = take.now
    due = attempts.due(uow, now=now, limit=take.limit)
    if not due:
        return NOTHING
    told = outbox.of_attempts(uow, [attempt.id for attempt in due])
    again: list[Attempt] = []
    later: list[tuple[str, datetime]] = []
    ended: list[Ended] = []
    for attempt in due:
        says = _verdict(timeline, told[attempt.id], now)
        if isinstance(says, Send):
            again.append(attempt)
        elif isinstance(says, Wait):
            later.append((attempt.id, says.until))
        else:
            ended.append(Ended(attempt.id, "uncertain", says.reason))
    attempts.take(uow, again, lease_until=now + take.lease)
    attempts.put_off(uow, later)
    end(uow, timeline, ended, now=now)
    return Batch(len(due), again, Counter(uncertain=len(ended)))


def _verdict(timeline: Timeline, told: Sequence[Queued], now: datetime) -> Send | Wait | Skip:
    """What is right for whoever it is right for. Caps and quota were counted when it was frozen."""
    all_say = [verdict(timeline, queued, now=now) for queued in told]
    for kind in (Send, Wait):
        found = next((says for says in all_say if isinstance(says, kind)), None)
        if found is not None:
            return found
    return next((says for says in all_say if isinstance(says, Skip)), Skip("unreachable"))
