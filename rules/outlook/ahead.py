"""What the next ninety days are likely to cost: by the pace of the half-year before, within what
ninety days of the last year came to; and what it would be if everybody used all that they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from ..figures.periods import DaySpan

AHEAD_DAYS = 90
#: So many spans of ninety days are looked back on.
WINDOWS = 4
#: The pace is that of so many of them: of one alone, chance would be taken for it.
_PACE = 2
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExpectedCost:
    """What one kind of thing is likely to cost, in yen."""

    id: str
    #: None: nobody can tell yet.
    likely: int | None
    low: int | None
    high: int | None
    #: If everybody used all that they have; None where nobody has anything of it.
    most: int | None = None
    #: Whether it is a part of others, and no cost of its own.
    is_part: bool = False
    #: What it came to in each span for which the club was there, the newest first.
    paid: tuple[float, ...] = ()


def windows_before(today: date) -> tuple[DaySpan, ...]:
    """The last spans of ninety days up to yesterday, the newest first."""
    ends = (today - (1 + n * AHEAD_DAYS) * _DAY for n in range(WINDOWS))
    return tuple(DaySpan(end - (AHEAD_DAYS - 1) * _DAY, end) for end in ends)


def by_pace(
    name: str, paid: Sequence[float], *, most: int | None = None, is_part: bool = False
) -> ExpectedCost:
    """`paid`: what it came to in each span for which the club was there whole, the newest first.
    As it went in the newest it goes on; it was never less than the least of all, nor more than the
    most."""
    if not paid:
        return ExpectedCost(name, None, None, None, most, is_part)
    high, likely = round(max(paid)), round(fmean(paid[:_PACE]))
    return ExpectedCost(name, likely, round(min(paid)), high, most, is_part, tuple(paid))


def together(parts: Sequence[ExpectedCost]) -> ExpectedCost:
    """All that are costs of their own, span by span. What can't be told yet of one can't be told of
    all. Of what everybody has there is no sum beside it: it would leave out what nobody can have,
    and be less than what is likely."""
    own = [each for each in parts if not each.is_part]
    spans = min((len(each.paid) for each in own), default=0)
    return by_pace("all", [sum(each.paid[n] for each in own) for n in range(spans)])


def discount(yen: int, percent: int) -> float:
    """What a price that was so much less left out of `yen` that were paid."""
    return yen * percent / (100 - percent) if percent < 100 else 0.0
