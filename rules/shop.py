"""The shop: names, branches, opening days, and what its calendar makes of an instant."""

from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from .base import WEEKDAYS, Id, Impossible, LocalText, Strict, Weekday
from .premises import HttpsUrl, Premises

#: LINE Beacon hardware ids are five bytes in hexadecimal (LINE Simple Beacon specification).
BeaconId = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{10}$", to_lower=True)]


class ClosedPeriod(Strict):
    """Days the shop or a branch is shut beyond its weekly ones, `until` included."""

    on: date
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ClosedPeriod":
        if self.until is not None and self.until < self.on:
            raise Impossible("ends_before", last="until", first="on")
        return self

    def covers(self, day: date) -> bool:
        return self.on <= day <= (self.until or self.on)


class Branch(Premises):
    """A branch: where visits happen. What is told of it stands before what is told of the shop."""

    id: Id
    name: LocalText
    #: Those that stand in it.
    beacons: tuple[BeaconId, ...] = ()
    #: Days on which this one alone is shut. They cost nobody a rank either way: members may go to
    #: another.
    closed: tuple[ClosedPeriod, ...] = ()

    def is_shut(self, day: date) -> bool:
        """Whether it is closed on a day on which the shop is open."""
        return any(period.covers(day) for period in self.closed)


class Shop(Premises):
    """Names, time zone, opening days, and what is told of all branches."""

    name: LocalText
    legal_name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    visit_word: Literal["来店", "来館"] = "来店"
    #: Where members show their card; after "at" in English.
    counter_word: LocalText = LocalText(ja="レジ", en="the till")
    #: The shop's own page on a site of reviews, offered to everybody alike, and never for points.
    review_url: HttpsUrl | None = None
    timezone: str = "Asia/Tokyo"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "JP"
    #: A business day runs from here to the next.
    day_starts_at: time = time(4, 0)
    closed_weekdays: tuple[Weekday, ...] = ()
    closed: tuple[ClosedPeriod, ...] = ()
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#8A5A44"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise Impossible("time_zone") from problem
        return value

    @field_validator("closed_weekdays")
    @classmethod
    def _open_sometimes(cls, value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if len(set(value)) == len(WEEKDAYS):
            raise Impossible("always_closed")
        return value

    @field_validator("day_starts_at")
    @classmethod
    def _no_zone_of_its_own(cls, value: time) -> time:
        if value.tzinfo is not None or value >= time(12):
            raise Impossible("day_start")
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def _day_start(self) -> timedelta:
        return timedelta(hours=self.day_starts_at.hour, minutes=self.day_starts_at.minute)

    def local(self, at: datetime) -> datetime:
        """`at` on the shop's wall clock."""
        return at.astimezone(self.zone)

    def business_date(self, at: datetime) -> date:
        """The business day `at` belongs to: at 01:30 a bar is still in yesterday."""
        here = at.astimezone(self.zone)
        day = here.date()
        if here.hour >= self.day_starts_at.hour + _CLOCK_CHANGES_HOURS:
            return day
        # By the instant, not by the clock, which shows some times twice a year, and others never.
        return day if at >= self.opens(day) else day - _DAY

    def opens(self, day: date) -> datetime:
        """The instant (UTC) at which business day `day` begins."""
        naive = datetime.combine(day, time()) + self._day_start
        return naive.replace(tzinfo=self.zone).astimezone(UTC)

    def is_specially_closed(self, day: date) -> bool:
        """Closed beyond the weekly rhythm: what a member could not have foreseen."""
        return any(period.covers(day) for period in self.closed) and not self._weekly(day)

    def is_open(self, day: date) -> bool:
        return not self._weekly(day) and not any(period.covers(day) for period in self.closed)

    def usual_days(self, start: date, end: date) -> int:
        """How many days in the half-open range the shop is open in an ordinary week."""
        whole_weeks, rest = divmod(max(0, (end - start).days), 7)
        week, last = self._open_weekdays, end.weekday()
        tail = sum((last - back) % len(WEEKDAYS) in week for back in range(1, rest + 1))
        return whole_weeks * len(week) + tail

    def specially_closed_days(self, start: date, end: date) -> int:
        """How many days in the half-open range are closed beyond the weekly rhythm."""
        return sum(
            self.usual_days(max(start, shut_from), min(end, shut_until))
            for shut_from, shut_until in self._shut
            if shut_from < end and start < shut_until
        )

    def open_days(self, start: date, end: date) -> int:
        """How many days in the half-open range the shop is open."""
        return self.usual_days(start, end) - self.specially_closed_days(start, end)

    def last_open(self, until: date, *, since: date) -> date:
        """The last day up to and with `until` on which somebody who is asked on `since` to come can
        do so; `until` where the shop is shut all the time."""
        last = until
        while last > since and not self.is_open(last):
            last -= _DAY
        return last if self.is_open(last) else until

    def lowered(self, count: int, start: date, end: date) -> int:
        """The part of `count` that goes with the share of the half-open range's usual days on which
        the shop is really open, rounded up; 0 when it is shut all the time."""
        usual = self.usual_days(start, end)
        open_days = usual - self.specially_closed_days(start, end)
        return -(-count * open_days // usual) if usual else 0

    def back(self, end: date, count: int) -> date:
        """The day that begins the last `count` days before `end` (exclusive), those left out on
        which the shop was specially closed."""
        start = end - _DAY * count
        while missing := count - self._counting_days(start, end):
            if (end - start).days > SPAN_DAYS_MAX:
                break
            start -= _DAY * missing
        return start

    def forth(self, start: date, count: int) -> date:
        """The end (exclusive) of the `count` days that begin with `start`, those left out on which
        the shop is specially closed."""
        end = start + _DAY * count
        while missing := count - self._counting_days(start, end):
            if (end - start).days > SPAN_DAYS_MAX:
                break
            end += _DAY * missing
        return end

    def _counting_days(self, start: date, end: date) -> int:
        return (end - start).days - self.specially_closed_days(start, end)

    @cached_property
    def _shut(self) -> tuple[tuple[date, date], ...]:
        """The closed periods as half-open ranges, in order, those that overlap made one."""
        merged: list[tuple[date, date]] = []
        for start, end in sorted((p.on, (p.until or p.on) + _DAY) for p in self.closed):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        return tuple(merged)

    def _weekly(self, day: date) -> bool:
        return day.weekday() not in self._open_weekdays

    @cached_property
    def _open_weekdays(self) -> frozenset[int]:
        """The days of an ordinary week, as date.weekday() counts them."""
        return frozenset(n for n, name in enumerate(WEEKDAYS) if name not in self.closed_weekdays)


_DAY = timedelta(days=1)
#: No clock is put forward or back by as much.
_CLOCK_CHANGES_HOURS = 3
#: No window is stretched further than this, however long a shop is shut.
SPAN_DAYS_MAX = 800


def days(start: date, end: date) -> Iterator[date]:
    """Every day from `start` up to, and without, `end`."""
    for offset in range((end - start).days):
        yield start + timedelta(days=offset)


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after `day`'s."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def week_start(day: date) -> date:
    """The Monday of `day`'s week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_month(first) - _DAY)


def day_in_year(year: int, month: int, day: int) -> date:
    """The day that comes round every year, in `year`: 28 February for the 29th where there is
    none."""
    leap_day = (month, day) == (2, 29) and not isleap(year)
    return date(year, month, 28 if leap_day else day)


BranchList = Annotated[tuple[Branch, ...], Field(min_length=1, max_length=500)]
