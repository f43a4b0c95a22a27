"""A member's month that is over: how often they came, and what it brought."""

from dataclasses import dataclass
from datetime import date

from ..facts import Facts
from ..shop import add_months, month_start, next_month


@dataclass(frozen=True, slots=True)
class MonthRecap:
    """One month of one member."""

    #: Its first day.
    month: date
    visits: int
    #: What was earned in it, whatever became of it since.
    points: int
    #: The badges earned in it, by their ids, the first one first.
    badges: tuple[str, ...]


def last_month(facts: Facts, day: date) -> MonthRecap:
    """The month before that of business day `day`: the rules remember that long
    (`Programme.memory_days`)."""
    end = month_start(day)
    start = add_months(end, -1)
    total = facts.totals(start, end)
    return MonthRecap(start, total.visits, total.points, badges_in(facts, start))


def badges_in(facts: Facts, month: date) -> tuple[str, ...]:
    """The badges earned in the month that begins on that day."""
    end = next_month(month)
    earned = sorted((on, badge) for badge, on in facts.badges.items() if month <= on < end)
    return tuple(badge for _, badge in earned)
