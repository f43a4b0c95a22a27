"""Badges: small things worth noticing. Once earned they stay; hidden ones surprise."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..activity import Activity, Visit
from ..base import WEEKDAYS, Count, Hours, Id, Impossible, LocalText, Points, Strict, Weekday
from ..facts import Facts, changed
from ..shop import Shop
from .theme import ArtFile


@dataclass(frozen=True, slots=True)
class SoFar:
    """A member before a badge, on `day`."""

    facts: Facts
    day: date
    #: How many visits were counted for this badge, where it counts them by itself.
    counted: int


@dataclass(frozen=True, slots=True)
class VisitTime:
    """When a visit was: its business day, and the time on the shop's clock."""

    day: date
    at: time


class Need(Strict, ABC):
    """What earns a badge: one kind of condition. A kind says here all that is its own; its words
    are `explain.badge.needs.<text>`, with `values` for placeholders, each named as a field is."""

    kind: str

    @property
    @abstractmethod
    def needed(self) -> int:
        """How far it goes until the badge is earned."""

    @abstractmethod
    def had(self, so_far: SoFar) -> int:
        """How far the member is."""

    @property
    def text(self) -> str:
        return self.kind

    @property
    def values(self) -> dict[str, object]:
        return {"count": self.needed}


class TimedVisits(Need):
    """So many visits of a certain time, which no other fact tells: each is counted by itself."""

    count: Count

    @property
    def needed(self) -> int:
        return self.count

    def had(self, so_far: SoFar) -> int:
        return so_far.counted

    @abstractmethod
    def counts(self, visit: VisitTime) -> bool:
        """Whether this visit is one of them."""


class VisitCount(Need):
    """So many visits, ever."""

    kind: Literal["visits"]
    count: Count

    @property
    def needed(self) -> int:
        return self.count

    def had(self, so_far: SoFar) -> int:
        return so_far.facts.visits


class TimeOfDay(TimedVisits):
    """So many visits within hours of the shop's clock, on certain weekdays if given."""

    kind: Literal["time_of_day"]
    hours: Hours
    weekdays: tuple[Weekday, ...] = ()

    def counts(self, visit: VisitTime) -> bool:
        on_day = not self.weekdays or WEEKDAYS[visit.day.weekday()] in self.weekdays
        return on_day and self.hours.cover(visit.at)

    @property
    def text(self) -> str:
        return "weekdays" if self.weekdays else "time_of_day"

    @property
    def values(self) -> dict[str, object]:
        return {"count": self.count, "hours": self.hours, "weekdays": self.weekdays}


class Season(TimedVisits):
    """So many visits within the same days of the year (`starts`/`ends` as "MM-DD", both included).

    A season may run over New Year. Every year's visits count together.
    """

    kind: Literal["season"]
    starts: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    ends: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]

    @model_validator(mode="after")
    def _real_days(self) -> "Season":
        for value in (self.starts, self.ends):
            try:
                _in_a_leap_year(value)
            except ValueError as problem:
                raise Impossible("no_day_of_year", value=value) from problem
        return self

    def counts(self, visit: VisitTime) -> bool:
        return self.covers(visit.day)

    def covers(self, day: date) -> bool:
        today, (starts, ends) = (day.month, day.day), self._span
        if starts <= ends:
            return starts <= today <= ends
        return today >= starts or today <= ends

    @property
    def values(self) -> dict[str, object]:
        starts, ends = _in_a_leap_year(self.starts), _in_a_leap_year(self.ends)
        return {"count": self.count, "starts": starts, "ends": ends}

    @cached_property
    def _span(self) -> tuple[tuple[int, int], tuple[int, int]]:
        starts, ends = _in_a_leap_year(self.starts), _in_a_leap_year(self.ends)
        return (starts.month, starts.day), (ends.month, ends.day)


def _in_a_leap_year(day: str) -> date:
    """The day "MM-DD" of a year that has them all. ValueError for none of the calendar's."""
    return date(2024, int(day[:2]), int(day[3:]))


class StoresVisited(Need):
    """Visits to so many different branches."""

    kind: Literal["stores"]
    count: Annotated[int, Field(ge=2, le=500)]

    @property
    def needed(self) -> int:
        return self.count

    def had(self, so_far: SoFar) -> int:
        return len(so_far.facts.stores)


class StreakWeeks(Need):
    """So many weeks in a row of the streak named."""

    kind: Literal["streak"]
    streak: Id
    weeks: Annotated[int, Field(ge=2, le=520)]

    @property
    def needed(self) -> int:
        return self.weeks

    def had(self, so_far: SoFar) -> int:
        state = so_far.facts.streaks.get(self.streak)
        return state.best if state else 0

    @property
    def values(self) -> dict[str, object]:
        return {"count": self.weeks, "streak": self.streak}


class Years(Need):
    """So many years of membership, told on the first activity after the day."""

    kind: Literal["anniversary"]
    years: Annotated[int, Field(ge=1, le=50)]

    @property
    def needed(self) -> int:
        return self.years

    def had(self, so_far: SoFar) -> int:
        return full_years(so_far.facts.joined_on, so_far.day)


class ActivityCount(Need):
    """Something else done so many times: a review, a referral, an eco action …"""

    kind: Literal["times"]
    on: Literal[
        "purchase", "review", "share", "referral", "eco", "feedback", "adopted", "deed", "delivery"
    ]  # fmt: skip
    count: Count

    @property
    def needed(self) -> int:
        return self.count

    def had(self, so_far: SoFar) -> int:
        return so_far.facts.counts.get(self.on, 0)

    @property
    def text(self) -> str:
        return f"times.{self.on}"


class FanStepsDone(Need):
    """The last of the fan steps."""

    kind: Literal["fan_steps"]

    @property
    def needed(self) -> int:
        return 1

    def had(self, so_far: SoFar) -> int:
        ladder = so_far.facts.fan
        return int(ladder is not None and ladder.done_on is not None)


#: Every kind there is.
Condition = Annotated[
    VisitCount
    | TimeOfDay
    | Season
    | StoresVisited
    | StreakWeeks
    | Years
    | ActivityCount
    | FanStepsDone,
    Field(discriminator="kind"),
]


class Badge(Strict):
    """A badge, and how it is earned."""

    id: Id
    name: LocalText
    #: Struck into a medal, where the shop has no picture of its own.
    icon: Annotated[str, Field(min_length=1, max_length=8)] = "🏅"
    #: The shop's own picture.
    art: ArtFile | None = None
    needs: Condition
    #: Not shown until it is earned.
    hidden: bool = False
    #: What it brings.
    points: Points | None = None

    @property
    def rule_id(self) -> str:
        """How ledger entries name this badge."""
        return f"badge:{self.id}"


def count_towards(badges: tuple[Badge, ...], shop: Shop, facts: Facts, activity: Activity) -> Facts:
    """Counts a visit for the badges that look at when it was (the others read other facts)."""
    if not badges or not isinstance(activity.what, Visit):
        return facts
    visit = VisitTime(activity.day, shop.local(activity.at).time())
    counted = [
        badge.id
        for badge in badges
        if isinstance(badge.needs, TimedVisits) and badge.needs.counts(visit)
    ]
    if not counted:
        return facts
    more = {badge: facts.badge_counts.get(badge, 0) + 1 for badge in counted}
    return changed(facts, badge_counts={**facts.badge_counts, **more})


def progress(badge: Badge, facts: Facts, day: date) -> tuple[int, int]:
    """How far the member is, and how far it goes: `(had, needed)`."""
    return had(badge, facts, day), badge.needs.needed


def had(badge: Badge, facts: Facts, day: date) -> int:
    """How far the member is."""
    return badge.needs.had(SoFar(facts, day, facts.badge_counts.get(badge.id, 0)))


def newly_earned(badges: tuple[Badge, ...], facts: Facts, day: date) -> tuple[Badge, ...]:
    """The badges whose condition holds now and that the member does not have yet."""
    open_ = (badge for badge in badges if badge.id not in facts.badges)
    return tuple(badge for badge in open_ if had(badge, facts, day) >= badge.needs.needed)


def full_years(since: date, day: date) -> int:
    """Whole years from `since` to `day`; someone who joined on 29 February counts on 1 March."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
