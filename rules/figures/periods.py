"""The days that figures are asked of: in steps, and beside as many days before."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from ..shop import add_months, month_start

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
            first = add_months(month_start(today), -11)
            before = DaySpan(add_months(first, -12), add_months(today, -12))
            return Period(name, DaySpan(first, today), before, _months(first, today))


def _days(whole: DaySpan) -> tuple[DaySpan, ...]:
    count = (whole.last - whole.first).days + 1
    days = (whole.first + n * _DAY for n in range(count))
    return tuple(DaySpan(day, day) for day in days)


def _months(first: date, last: date) -> tuple[DaySpan, ...]:
    firsts = [add_months(first, n) for n in range(12)]
    return tuple(DaySpan(day, min(add_months(day, 1) - _DAY, last)) for day in firsts)
