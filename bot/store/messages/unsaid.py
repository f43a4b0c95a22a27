"""Answers that reached nobody, as far as we know, and why."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from ..engine.db import UnitOfWork
from ..tables import IS_ANSWER, outbox, webhook_events

#: What became of answers that were to be pushed, where they weren't.
_NOT_PUSHED = ("skipped", "failed", "uncertain")


def reasons(uow: UnitOfWork, *, since: datetime) -> dict[str, int]:
    """How many answers to what came since then were said in no way, by the reason, in one word."""
    events, pushes = webhook_events.c, outbox.c
    unsaid = (
        select(events.error, func.count())
        .where(
            events.received_at >= since,
            events.status.in_(("done", "failed")),
            events.error.is_not(None),
        )
        .group_by(events.error)
    )
    not_pushed = (
        select(func.coalesce(pushes.reason, pushes.status), func.count())
        .where(IS_ANSWER, pushes.queued_at >= since, pushes.status.in_(_NOT_PUSHED))
        .group_by(func.coalesce(pushes.reason, pushes.status))
    )
    found: Counter[str] = Counter()
    for query in (unsaid, not_pushed):
        for reason, count in uow.run(query):
            found[reason] += count
    return dict(found)
