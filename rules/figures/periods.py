"""The days that figures are asked of: in steps, and beside as many days before."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from ..shop import add_months, month_start, next_month

PeriodName = Literal["month", "weeks", "year"]
PERIODS: tuple[PeriodName, ...] = get_args(PeriodName)
_DAY = timedelta(days=1)
_WEEKS = 28


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days in a row, both ends included."""

    first: date
    last: date

    def earlier(self, days: int) -> "DaySpan":
        return DaySpan(self.first - days * _DAY, self.last - days * _DAY)


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for, up to today."""

    name: PeriodName
    whole: DaySpan
    #: What it is compared with: as far into the month before, the four weeks or the year before.
    before: DaySpan
    #: The days or months of it.
    steps: tuple[DaySpan, ...]

    @property
    def by_month(self) -> bool:
        return self.name == "year"


def period(name: PeriodName, today: date) -> Period:
    match name:
        case "weeks":
            whole = DaySpan(today - (_WEEKS - 1) * _DAY, today)
            return Period(name, whole, whole.earlier(_WEEKS), _days(whole))
        case "month":
            whole = DaySpan(month_start(today), today)
            before = DaySpan(add_months(whole.first, -1), add_months(today, -1))
            return Period(name, whole, before, _days(whole))
        case "year":
            before = DaySpan(add_months(today, -24) + _DAY, add_months(today, -12))
            whole = DaySpan(before.last + _DAY, today)
            return Period(name, whole, before, _months(whole))


def _days(whole: DaySpan) -> tuple[DaySpan, ...]:
    count = (whole.last - whole.first).days + 1
    days = (whole.first + n * _DAY for n in range(count))
    return tuple(DaySpan(day, day) for day in days)


def _months(whole: DaySpan) -> tuple[DaySpan, ...]:
    """Those of the calendar, the first and the last as far as they are in it."""
    found, first = [], whole.first
    while first <= whole.last:
        after = next_month(first)
        found.append(DaySpan(first, min(after - _DAY, whole.last)))
        first = after
    return tuple(found)
