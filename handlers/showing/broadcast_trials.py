"""What a broadcast's trial has shown: for its page, and for the clock that may choose by itself."""

from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.finding import results
from bot.store.messages.broadcasts import StoredBroadcast
from rules.broadcasts.trial import TrialResult, result


def trial_result(uow: UnitOfWork, stored: StoredBroadcast, now: datetime) -> TrialResult | None:
    """None for one without a trial, or one that hasn't begun."""
    trial = stored.broadcast.trial
    if trial is None or stored.stage is None:
        return None
    window = timedelta(days=trial.days)
    counted = results.journey_counts(uow, stored.queued_as, window=window, since=None, now=now)
    return result(counted.sides, stored.broadcast.arms)
