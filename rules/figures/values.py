"""Figures read off the sums of days."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate

from .definitions import Definition, Summed
from .periods import DaySpan, Period
from .sums import FOUR_WEEKS

_DAY = timedelta(days=1)


def days_needed(period: Period, figures: Iterable[Definition]) -> DaySpan:
    """From which day to which the sums are needed for a period and what is before it."""
    shift = max((each.shift for each in figures), default=0)
    return DaySpan(period.before.first - max(shift, FOUR_WEEKS) * _DAY, period.whole.last)


class Sums:
    """The sums of days within a span, with those of all days before it."""

    def __init__(
        self,
        span: DaySpan,
        before: Mapping[str, int],
        days: Iterable[tuple[str, date, int]],
    ) -> None:
        self._first = span.first.toordinal()
        length = span.last.toordinal() - self._first + 1
        daily: dict[str, list[int]] = {}
        for kept, day, value in days:
            daily.setdefault(kept, [0] * length)[day.toordinal() - self._first] += value
        self._until = {
            kept: [before.get(kept, 0), *accumulate(values, initial=before.get(kept, 0))][1:]
            for kept, values in daily.items()
        }
        self._before = before

    def has_begun_by(self, day: date) -> bool:
        """Whether anything is kept of that day or one before."""
        return any(self.until(kept, day) for kept in {*self._before, *self._until})

    def until(self, kept: str, day: date) -> int:
        """What is kept under that name, summed up to and with the day, from the very first on."""
        sums, at = self._until.get(kept), day.toordinal() - self._first + 1
        return self._before.get(kept, 0) if sums is None else sums[at]

    def term(self, term: Summed, span: DaySpan) -> int:
        until = self.until(term.kept, span.last)
        match term.reach:
            case "level":
                return until
            case "four_weeks":
                return until - self.until(term.kept, span.last - FOUR_WEEKS * _DAY)
            case "sum":
                return until - self.until(term.kept, span.first - _DAY)

    def base(self, figure: Definition, span: DaySpan) -> int | None:
        """Of how many a figure of those days is a part; None where it is none."""
        if figure.below is None:
            return None
        return self.term(figure.below, span.earlier(figure.shift))

    def value(self, figure: Definition, span: DaySpan) -> float | None:
        """The figure of those days; None where there is nobody or nothing to tell it of."""
        days = span.earlier(figure.shift)
        top = self.term(figure.top, days)
        if figure.below is None:
            return top
        below = self.term(figure.below, days)
        return top / below if below else None
