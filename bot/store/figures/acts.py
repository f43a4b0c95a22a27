"""What members did, as it was counted night by night. It is told as it was then: what arrives late
changes nothing of it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from rules.figures.periods import DaySpan
from rules.heard.engagement import EngagementSummary

from ..engine.db import UnitOfWork
from ..tables import engagement_days


@dataclass(frozen=True, slots=True)
class CountedActs:
    """What was counted in the night to that day, and when."""

    day: date
    counted_at: datetime
    acts: EngagementSummary


def is_counted(uow: UnitOfWork, day: date) -> bool:
    """Whether somebody counted on that day."""
    found = select(engagement_days.c.day).where(engagement_days.c.day == day)
    return uow.run(found).first() is not None


def keep(uow: UnitOfWork, counted: CountedActs) -> None:
    """Keeps it; where somebody counted on that day before, theirs stays."""
    row = {"day": counted.day, "counted_at": counted.counted_at, **asdict(counted.acts)}
    uow.insert_new(engagement_days, [row])


def between(uow: UnitOfWork, span: DaySpan) -> list[CountedActs]:
    """What was counted in those days, the oldest first."""
    its = engagement_days.c
    found = select(engagement_days).where(its.day.between(span.first, span.last)).order_by(its.day)
    rows = [dict(row._mapping) for row in uow.run(found)]
    return [
        CountedActs(row.pop("day"), row.pop("counted_at"), EngagementSummary(**row)) for row in rows
    ]
