"""What is out of the ordinary: a day on which far more or far fewer came than the same weekdays of
the weeks before would give.

The next of so many weekdays lies with 99.5 % between their mean and so many times Student's t of
their spread (the prediction interval of a normal sample). Visits are counts: their variance is
taken for no less than their mean. Days on which the shop was closed are no weekdays, neither
counted nor judged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import fmean, variance

from ..figures.values import Sums

#: It is held beside as many weekdays before, of which so many must have been open.
WEEKS, WEEKS_MIN = 8, 5
#: What is off by fewer visits is no news to anybody.
OFF_MIN = 3
#: Student's t at 99.75 %, by how many weekdays there are.
_T = {5: 5.598, 6: 4.773, 7: 4.317, 8: 4.029}
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
VISITS = "visits"


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day that was none like the others."""

    day: date
    visits: int
    #: What such weekdays brought on average, over so many of them.
    usual: float
    weekdays: int

    @property
    def is_more(self) -> bool:
        return self.visits > self.usual


def visits_on(sums: Sums, day: date) -> int:
    """The visits of that day alone."""
    return sums.until(VISITS, day) - sums.until(VISITS, day - _DAY)


def unusual_days(
    sums: Sums, days: tuple[date, ...], is_open: Callable[[date], bool]
) -> Iterator[UnusualDay]:
    """Those of the days that are out of the ordinary."""
    for day in days:
        if is_open(day):
            found = _unusual(sums, day, is_open)
            if found is not None:
                yield found


def _unusual(sums: Sums, day: date, is_open: Callable[[date], bool]) -> UnusualDay | None:
    weekdays = (day - n * _WEEK for n in range(1, WEEKS + 1))
    # Before the first visit there was no shop that could be compared.
    known = [visits_on(sums, each) for each in weekdays if is_open(each) and _has_begun(sums, each)]
    if len(known) < WEEKS_MIN:
        return None
    visits, usual = visits_on(sums, day), fmean(known)
    spread = sqrt(max(variance(known), usual) * (1 + 1 / len(known)))
    off = abs(visits - usual)
    if off < OFF_MIN or off <= _T[len(known)] * spread:
        return None
    return UnusualDay(day, visits, usual, len(known))


def _has_begun(sums: Sums, day: date) -> bool:
    return sums.until(VISITS, day) > 0
