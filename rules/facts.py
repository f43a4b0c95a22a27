"""What the rules know of one member: a bounded summary that each activity turns into the next.

It is kept on the member's row, written in the transaction that changed it, and always equals what
`replay` makes of the member's whole history.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from .activity import By, Membership, Source
from .shop import week_start

if TYPE_CHECKING:
    from dataclasses import replace as changed
else:

    def changed(facts, /, **changes):
        """`dataclasses.replace` for facts, ten times as fast: a visit takes a dozen of them."""
        new = object.__new__(type(facts))
        new.__dict__.update(facts.__dict__, **changes)
        return new


__all__ = [
    "ANNIVERSARY_YEARS", "HALF_LIFE_DAYS", "STAMPS_MOVED", "Birthday", "DayTotal", "Facts",
    "FanLadder", "Offer", "Pause", "RankState", "StreakState", "SubscriptionMark", "Tally",
    "Voucher", "VoucherReason", "changed", "faded", "joined_pauses", "newcomer", "subscribed_days",
]  # fmt: skip


#: A rhythm is what the last eight gaps between days with a visit say, and not fewer than four.
VISITS_KEPT, VISITS_TO_KNOW = 9, 5
#: A visit counts half as much after so many days, where it is asked how lively somebody is.
HALF_LIFE_DAYS = 60
#: So many pauses are remembered; what an older one lasted is not given back to points any more.
PAUSES_KEPT = 24
#: Where `Facts.counts` notes the last anniversary celebrated.
ANNIVERSARY_YEARS = "anniversary_years"
#: And how many stamps of old cards were moved onto theirs.
STAMPS_MOVED = "stamps_moved"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, and with how many points, one rule has given; the short counts are of `on`'s."""

    on: date
    day: int = 0
    week: int = 0
    month: int = 0
    ever: int = 0
    points_day: int = 0
    points_week: int = 0
    points_month: int = 0
    points_ever: int = 0

    def as_of(self, day: date) -> "Tally":
        """The same tally with the periods that `day` is no longer in set to zero."""
        if day == self.on:
            return self
        same_week = week_start(day) == week_start(self.on)
        same_month = (day.month, day.year) == (self.on.month, self.on.year)
        return Tally(
            on=day,
            week=self.week if same_week else 0,
            month=self.month if same_month else 0,
            ever=self.ever,
            points_week=self.points_week if same_week else 0,
            points_month=self.points_month if same_month else 0,
            points_ever=self.points_ever,
        )

    def plus(self, points: int) -> "Tally":
        """One more grant of `points` on the tally's day."""
        return Tally(
            self.on,
            self.day + 1,
            self.week + 1,
            self.month + 1,
            self.ever + 1,
            self.points_day + points,
            self.points_week + points,
            self.points_month + points,
            self.points_ever + points,
        )


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one business day brought: visits, points earned, yen spent."""

    on: date
    visits: int = 0
    points: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True)
class RankState:
    """The rank held, and what is left of a lost one."""

    #: The rank held; None: none yet.
    id: str | None = None
    #: The day from which it is held.
    since: date | None = None
    #: How many periods in a row fell short.
    short: int = 0
    #: A rank lost, kept until it is regained or another is lost after its revival window.
    lost: str | None = None
    #: The day it went.
    lost_on: date | None = None


@dataclass(frozen=True, slots=True)
class StreakState:
    """Weeks in a row that met the goal."""

    #: The Monday of the week that is being counted.
    week: date
    #: The visits in that week.
    visits: int = 0
    #: The weeks in a row so far.
    weeks: int = 0
    best: int = 0
    freezes: int = 0
    #: Whether the goal of the week that is being counted is reached already.
    met: bool = False


@dataclass(frozen=True, slots=True)
class Birthday:
    month: int
    day: int
    year: int | None = None
    changes: int = 0


#: Why a voucher was given.
VoucherReason = Literal[
    "rank", "birthday", "nth_purchase", "nth_visit", "nth_delivery", "comeback", "promised",
    "sample",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voucher:
    """A reward in hand."""

    #: It is the `n`-th of this reward that the member was given.
    n: int
    reward: str
    reason: VoucherReason
    given_on: date
    #: The last day on which it can be used.
    until: date


@dataclass(frozen=True, slots=True)
class Offer:
    """What a message promised for the next visit."""

    #: The id of the message's journey.
    journey: str
    reward: str | None
    points: int
    made_on: date
    #: The last day on which a visit brings it.
    until: date
    #: As of what was promised (`Offered`).
    is_comeback: bool = True


@dataclass(frozen=True, slots=True)
class FanLadder:
    """What somebody said to the fan steps, and how far they are."""

    #: Since when they climb; None: never yet.
    begun_on: date | None = None
    #: When they last said no; None: they climb.
    declined_on: date | None = None
    #: Visits while they climb.
    visits: int = 0
    #: When the last step was done.
    done_on: date | None = None

    @property
    def climbs(self) -> bool:
        """Whether they are on it now."""
        return self.begun_on is not None and self.declined_on is None and self.done_on is None


@dataclass(frozen=True, slots=True)
class SubscriptionMark:
    """What is known of a subscription: from when to when, as somebody said last."""

    since: date
    #: The last day; None: it is open. Before `since` for what never was.
    until: date | None
    #: When it was said: of two cards that become one, what was said later counts.
    at: datetime
    #: Who said so; "member": LINE, of its own membership.
    by: By = "staff"

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the membership rested (休会)."""

    since: date
    #: The first day after it.
    until: date


@dataclass(frozen=True)
class Facts:
    """One member, as the rules see them. All counts are of history applied so far."""

    joined_on: date
    #: The day up to which (exclusive) ended weeks and months have been judged.
    settled: date
    #: The newest activity applied, or the newest programme on whose ladder the rank was placed.
    last_at: datetime
    source: Source = "line"
    membership: Membership = "active"
    membership_since: date | None = None
    birthday: Birthday | None = None
    #: Whether they joined by somebody's invitation.
    invited: bool = False
    visits: int = 0
    spend: int = 0
    balance: int = 0
    #: Points spent that were taken back since: later purchases make them good.
    shortfall: int = 0
    earned: int = 0
    first_visit_on: date | None = None
    last_visit_at: datetime | None = None
    last_visit_on: date | None = None
    #: The last day on which they did something that keeps their points (`points.keeps_points`).
    last_active_on: date | None = None
    stores: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    #: Recent days that had activity, oldest first, as far back as the programme looks.
    days: tuple[DayTotal, ...] = ()
    rank: RankState = RankState()
    streaks: dict[str, StreakState] = field(default_factory=dict)
    badge_counts: dict[str, int] = field(default_factory=dict)
    badges: dict[str, date] = field(default_factory=dict)
    fan_invited_on: date | None = None
    #: The fan steps; None: they never answered.
    fan: FanLadder | None = None
    #: When staff last gave them what their rank brings, by the perk's key.
    perks: dict[str, date] = field(default_factory=dict)
    #: What they subscribe to, or did, by the subscription's id.
    subscriptions: dict[str, SubscriptionMark] = field(default_factory=dict)
    #: The last days with a visit, however long ago.
    visit_days: tuple[date, ...] = ()
    #: On how many days they came, ever.
    visit_day_count: int = 0
    #: Those days, as of the last: each counts half as much for every `HALF_LIFE_DAYS` gone by.
    recent: float = 0.0
    #: Up to and with this day one visit may bring a rank or a badge; None: it won't.
    close_until: date | None = None
    #: Rewards in hand. What has ended may still be among them (`vouchers.in_hand` leaves it out).
    vouchers: tuple[Voucher, ...] = ()
    #: Promises that wait for a visit; what has ended may be among them too.
    offers: tuple[Offer, ...] = ()
    #: Those that are over, oldest first, none of them touching another.
    pauses: tuple[Pause, ...] = ()
    #: Of the segments that somebody asked about, those they are in; never kept with the facts.
    segments: Annotated[tuple[str, ...], Field(exclude=True)] = ()

    @property
    def active_on(self) -> date:
        """The day from which points that go by inactivity are counted."""
        return max(self.joined_on, self.last_active_on or self.joined_on)

    @property
    def away_since(self) -> date:
        """The day from which they have been away: the last visit's, or that of joining, or of
        coming back from a pause."""
        return max(self.last_visit_on or self.joined_on, self.membership_since or self.joined_on)

    def subscribes_on(self, day: date) -> bool:
        """Whether they subscribe to anything on that day."""
        return any(mark.holds_on(day) for mark in self.subscriptions.values())

    def days_paused(self, since: date) -> int:
        """How many days from `since` on lay within pauses that are over."""
        return sum(
            (pause.until - max(pause.since, since)).days
            for pause in self.pauses
            if pause.until > since
        )

    def with_membership(self, state: Membership, day: date) -> "Facts":
        """These facts with another state of membership from `day` on."""
        new = changed(self, membership=state, membership_since=day)
        if self.membership != "paused":
            return new
        over = Pause(self.membership_since or self.joined_on, day)
        return changed(new, pauses=joined_pauses((*self.pauses, over)))

    def is_late(self, at: datetime, day: date) -> bool:
        """Whether an activity at `at`, on business day `day`, comes after something that it could
        have changed: a later activity or ladder, or the end of its week or month. Then replay."""
        return at < self.last_at or day < self.settled

    def came_on(self, day: date) -> "Facts":
        """These facts with `day` among the days with a visit."""
        if day in self.visit_days:
            return self
        last = max(self.visit_days, default=day)
        before = faded(self.recent, max(0, (day - last).days))
        return changed(
            self,
            visit_days=tuple(sorted({*self.visit_days, day}))[-VISITS_KEPT:],
            visit_day_count=self.visit_day_count + 1,
            recent=before + faded(1, max(0, (last - day).days)),
        )

    def totals(self, start: date, end: date) -> DayTotal:
        """What the days of the half-open range add up to."""
        visits = points = yen = 0
        for day in reversed(self.days):
            if day.on < start:
                break
            if day.on < end:
                visits += day.visits
                points += day.points
                yen += day.yen
        return DayTotal(start, visits, points, yen)

    def on_day(self, day: date, *, visits: int = 0, points: int = 0, yen: int = 0) -> "Facts":
        """These facts with something added to `day`."""
        if self.days and self.days[-1].on > day:
            return self._on_earlier_day(DayTotal(day, visits, points, yen))
        known = self.days[-1] if self.days and self.days[-1].on == day else None
        before = self.days[:-1] if known else self.days
        old = known or DayTotal(day)
        total = DayTotal(day, old.visits + visits, old.points + points, old.yen + yen)
        return changed(self, days=(*before, total))

    def _on_earlier_day(self, more: DayTotal) -> "Facts":
        # Only when a shop moved its time zone or the start of its day between two activities.
        later = tuple(day for day in self.days if day.on > more.on)
        earlier = changed(self, days=tuple(day for day in self.days if day.on <= more.on))
        merged = earlier.on_day(more.on, visits=more.visits, points=more.points, yen=more.yen)
        return changed(self, days=merged.days + later)

    def forgetting(self, before: date) -> "Facts":
        """These facts without the days that no rule looks at any more."""
        if not self.days or self.days[0].on >= before:
            return self
        return changed(self, days=self.days[bisect_left(self.days, before, key=_on) :])


def _on(total: DayTotal) -> date:
    return total.on


def faded(recent: float, days: int) -> float:
    """`Facts.recent` as it is so many days later."""
    return recent * float(2 ** (-days / HALF_LIFE_DAYS))


def newcomer(joined_on: date, at: datetime, source: Source = "line") -> Facts:
    """The facts of someone about whom nothing is known but that they joined."""
    return Facts(joined_on=joined_on, settled=joined_on, last_at=at - timedelta.resolution,
                 source=source, membership_since=joined_on)  # fmt: skip


def subscribed_days(facts: Facts) -> tuple[date | None, date | None]:
    """The first and the last day of all that somebody subscribes to, or did; None for none. What is
    open ends on the last day there is."""
    marks = [m for m in facts.subscriptions.values() if m.until is None or m.since <= m.until]
    if not marks:
        return None, None
    last = max(mark.until or date.max for mark in marks)
    return min(mark.since for mark in marks), last


def joined_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The newest of them in order, those that touch or overlap made one."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if found and pause.since <= found[-1].until:
            found[-1] = Pause(found[-1].since, max(found[-1].until, pause.until))
        elif pause.until > pause.since:
            found.append(pause)
    return tuple(found[-PAUSES_KEPT:])
