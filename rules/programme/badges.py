"""Badges: small things worth noticing. Once earned they stay; hidden ones surprise."""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..activity import Activity, Visit
from ..base import WEEKDAYS, Count, Hours, Id, LocalText, Points, Strict, Weekday
from ..facts import Facts, changed
from ..shop import Shop
from .theme import ArtFile


class VisitCount(Strict):
    """So many visits, ever."""

    kind: Literal["visits"]
    count: Count


class TimeOfDay(Strict):
    """So many visits within hours of the shop's clock, on certain weekdays if given."""

    kind: Literal["time_of_day"]
    count: Count
    hours: Hours
    weekdays: tuple[Weekday, ...] = ()


class Season(Strict):
    """So many visits within the same days of the year (`starts`/`ends` as "MM-DD", both included).

    A season may run over New Year. Every year's visits count together.
    """

    kind: Literal["season"]
    count: Count
    starts: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    ends: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]

    @model_validator(mode="after")
    def _real_days(self) -> "Season":
        for value in (self.starts, self.ends):
            try:
                date(2024, int(value[:2]), int(value[3:]))
            except ValueError as problem:
                raise ValueError(f'"{value}" is not a day of the year (MM-DD)') from problem
        return self

    def covers(self, day: date) -> bool:
        today, (starts, ends) = (day.month, day.day), self._span
        if starts <= ends:
            return starts <= today <= ends
        return today >= starts or today <= ends

    @cached_property
    def _span(self) -> tuple[tuple[int, int], tuple[int, int]]:
        (starts_month, starts_day), (ends_month, ends_day) = (
            (int(value[:2]), int(value[3:])) for value in (self.starts, self.ends)
        )
        return (starts_month, starts_day), (ends_month, ends_day)


class StoresVisited(Strict):
    """Visits to so many different branches."""

    kind: Literal["stores"]
    count: Annotated[int, Field(ge=2, le=500)]


class StreakWeeks(Strict):
    """So many weeks in a row of the streak named."""

    kind: Literal["streak"]
    streak: Id
    weeks: Annotated[int, Field(ge=2, le=520)]


class Years(Strict):
    """So many years of membership, told on the first activity after the day."""

    kind: Literal["anniversary"]
    years: Annotated[int, Field(ge=1, le=50)]


class Times(Strict):
    """Something else done so many times: a review, a referral, an eco action …"""

    kind: Literal["times"]
    on: Literal["purchase", "review", "share", "referral", "eco", "feedback"]
    count: Count


Condition = Annotated[
    VisitCount | TimeOfDay | Season | StoresVisited | StreakWeeks | Years | Times,
    Field(discriminator="kind"),
]


class Badge(Strict):
    """A badge, how it is earned, and the points it brings, if any.

    `art` is the shop's own picture for it; without one its `icon` is struck into a medal.
    """

    id: Id
    name: LocalText
    icon: Annotated[str, Field(min_length=1, max_length=8)] = "🏅"
    art: ArtFile | None = None
    needs: Condition
    hidden: bool = False
    points: Points | None = None

    @property
    def rule_id(self) -> str:
        """How ledger entries name this badge."""
        return f"badge:{self.id}"


def count_towards(badges: tuple[Badge, ...], shop: Shop, facts: Facts, activity: Activity) -> Facts:
    """Counts a visit for the badges that look at when it was (the others read other facts)."""
    if not isinstance(activity.what, Visit):
        return facts
    counted = [badge.id for badge in badges if _counts_this(badge, shop, activity)]
    if not counted:
        return facts
    more = {badge: facts.badge_counts.get(badge, 0) + 1 for badge in counted}
    return changed(facts, badge_counts={**facts.badge_counts, **more})


def _counts_this(badge: Badge, shop: Shop, activity: Activity) -> bool:
    match badge.needs:
        case TimeOfDay(hours=hours, weekdays=weekdays):
            on_day = not weekdays or WEEKDAYS[activity.day.weekday()] in weekdays
            return on_day and hours.cover(shop.local(activity.at).time())
        case Season() as season:
            return season.covers(activity.day)
        case _:
            return False


def progress(badge: Badge, facts: Facts, day: date) -> tuple[int, int]:
    """How far the member is, and how far it goes: `(had, needed)`."""
    match badge.needs:
        case VisitCount(count=count):
            return facts.visits, count
        case TimeOfDay(count=count) | Season(count=count):
            return facts.badge_counts.get(badge.id, 0), count
        case StoresVisited(count=count):
            return len(facts.stores), count
        case StreakWeeks(streak=streak, weeks=weeks):
            state = facts.streaks.get(streak)
            return (state.best if state else 0), weeks
        case Years(years=years):
            return full_years(facts.joined_on, day), years
        case Times(on=on, count=count):
            return facts.counts.get(on, 0), count


def newly_earned(badges: tuple[Badge, ...], facts: Facts, day: date) -> tuple[Badge, ...]:
    """The badges whose condition holds now and that the member does not have yet."""
    return tuple(
        badge for badge in badges if badge.id not in facts.badges and _met(badge, facts, day)
    )


def _met(badge: Badge, facts: Facts, day: date) -> bool:
    had, needed = progress(badge, facts, day)
    return had >= needed


def full_years(since: date, day: date) -> int:
    """Whole years from `since` to `day`; someone who joined on 29 February counts on 1 March."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
