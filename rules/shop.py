"""The shop: names, branches, opening days, and what its calendar makes of an instant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from .base import WEEKDAYS, Id, LocalText, Strict, Weekday

#: LINE Beacon hardware ids are five bytes in hexadecimal (LINE Simple Beacon specification).
BeaconId = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{10}$", to_lower=True)]


class Store(Strict):
    """A branch: where visits happen, with the beacons that stand in it."""

    id: Id
    name: LocalText
    beacons: tuple[BeaconId, ...] = ()


class ClosedPeriod(Strict):
    """Days the shop is shut beyond its weekly ones, `until` included."""

    on: date
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ClosedPeriod":
        if self.until is not None and self.until < self.on:
            raise ValueError("`until` must not be before `on`")
        return self

    def covers(self, day: date) -> bool:
        return self.on <= day <= (self.until or self.on)


class Shop(Strict):
    """Names, time zone and opening days. A business day runs from `day_starts_at` to the next."""

    name: LocalText
    legal_name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    visit_word: Literal["来店", "来館"] = "来店"
    timezone: str = "Asia/Tokyo"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "JP"
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
            raise ValueError("must be a time zone name such as Asia/Tokyo") from problem
        return value

    @field_validator("closed_weekdays")
    @classmethod
    def _open_sometimes(cls, value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if len(set(value)) == len(WEEKDAYS):
            raise ValueError("must leave at least one weekday open")
        return value

    @field_validator("day_starts_at")
    @classmethod
    def _no_zone_of_its_own(cls, value: time) -> time:
        if value.tzinfo is not None or value >= time(12):
            raise ValueError('must be a plain time before noon, such as "04:00"')
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
        return here.date() if here.time() >= self.day_starts_at else here.date() - _DAY

    def opens(self, day: date) -> datetime:
        """The instant (UTC) at which business day `day` begins."""
        naive = datetime.combine(day, time()) + self._day_start
        return naive.replace(tzinfo=self.zone).astimezone(UTC)

    def is_specially_closed(self, day: date) -> bool:
        """Closed beyond the weekly rhythm: what a member could not have foreseen."""
        return any(period.covers(day) for period in self.closed) and not self._weekly(day)

    def is_open(self, day: date) -> bool:
        return not self._weekly(day) and not any(period.covers(day) for period in self.closed)

    def open_days(self, start: date, end: date) -> int:
        """How many days in the half-open range the shop is open."""
        return sum(self.is_open(day) for day in days(start, end))

    def _weekly(self, day: date) -> bool:
        return WEEKDAYS[day.weekday()] in self.closed_weekdays


_DAY = timedelta(days=1)


def days(start: date, end: date) -> Iterator[date]:
    """Every day from `start` up to, and without, `end`."""
    for offset in range((end - start).days):
        yield start + timedelta(days=offset)


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after `day`'s."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def week_start(day: date) -> date:
    """The Monday of `day`'s week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_month(first) - _DAY)


BranchList = Annotated[tuple[Store, ...], Field(min_length=1, max_length=500)]
