"""The month's messages: what is used, what is still wanted, and who gets it when it isn't enough.

Replies cost nothing and are not counted. LINE's own figure comes late and takes in what people
send by hand; ours is exact and knows only ourselves: the larger of the two is believed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil

from ..shop import Shop, month_start, next_month
from .policy import LOOK_AGAIN, MONTH

#: The messages a month of LINE's free plan (Japan).
FREE_PLAN = 200
#: Those of each of its plans, the smallest first.
PLANS = (FREE_PLAN, 5_000, 30_000)
_DAY = timedelta(days=1)
_FIRST_HALF = 15


@dataclass(frozen=True, slots=True)
class Usage:
    """The month so far."""

    #: The plan's messages; None: no limit.
    plan: int | None
    #: LINE's count.
    used_line: int
    #: Our own.
    used_own: int

    @property
    def used(self) -> int:
        return max(self.used_line, self.used_own)

    @property
    def left(self) -> int | None:
        """What is left of the plan; None without a limit."""
        return None if self.plan is None else max(0, self.plan - self.used)


@dataclass(frozen=True, slots=True)
class Demand:
    """So many messages of `journey` still to come this month, of this priority (1 goes first)."""

    journey: str
    priority: int
    messages: int


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """What a demand gets: `missing` messages of it will not go out this month."""

    demand: Demand
    messages: int

    @property
    def missing(self) -> int:
        return self.demand.messages - self.messages


@dataclass(frozen=True, slots=True)
class Forecast:
    """The month to its end: what was left for our journeys, and what each of them gets of it."""

    room: int | None
    shares: tuple[QuotaShare, ...]

    @property
    def missing(self) -> int:
        """How many messages more than the plan has are wanted."""
        return sum(share.missing for share in self.shares)

    @property
    def losers(self) -> tuple[str, ...]:
        """The journeys that don't get all they want, the most important first."""
        return tuple(share.demand.journey for share in self.shares if share.missing)


def forecast(usage: Usage, demands: Iterable[Demand], *, reserve: int) -> Forecast:
    """Who gets what is left of the month after the shop's own `reserve`: by priority, and of two
    alike the one that wants less, so that most are served whole."""
    ordered = sorted(demands, key=lambda d: (d.priority, d.messages, d.journey))
    if usage.left is None:
        return Forecast(None, tuple(QuotaShare(demand, demand.messages) for demand in ordered))
    room = left = max(0, usage.left - reserve)
    shares = []
    for demand in ordered:
        share = min(left, demand.messages)
        left -= share
        shares.append(QuotaShare(demand, share))
    return Forecast(room, tuple(shares))


@dataclass(frozen=True, slots=True)
class JourneyMonth:
    """A journey's month: how many it sent, how many it will still want, and how many of these won't
    go out."""

    journey: str
    sent: int
    wanted: int
    missing: int


@dataclass(frozen=True, slots=True)
class MonthOutlook:
    """The month's messages from its first day to its last."""

    #: By how much they will have been used at its end, if all goes out that is wanted.
    used: int
    #: How many of those more than there will be.
    missing: int
    #: The most important first; of those that send nothing more, who sent most.
    journeys: tuple[JourneyMonth, ...]


def month_outlook(
    usage: Usage, sent: Mapping[str, int], demands: Iterable[Demand], *, reserve: int
) -> MonthOutlook:
    """The month to its end, journey by journey: what each `sent`, what it will want (`demands`),
    and what of that doesn't go out, as the plan has no room left for it beside the `reserve`.
    What was sent by hand is in `usage` alone, if LINE counts it."""
    ahead = forecast(usage, demands, reserve=reserve)
    wanted: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for share in ahead.shares:
        wanted[share.demand.journey] += share.demand.messages
        missing[share.demand.journey] += share.missing
    others = sorted(sent.keys() - wanted.keys(), key=lambda name: (-sent[name], name))
    months = tuple(
        JourneyMonth(name, sent.get(name, 0), wanted[name], missing[name])
        for name in (*wanted, *others)
    )
    return MonthOutlook(usage.used + wanted.total(), ahead.missing, months)


def plan_for(messages: int) -> int | None:
    """The smallest of LINE's plans with so many messages a month; None where not even the largest
    has."""
    return next((plan for plan in PLANS if plan >= messages), None)


def reserve_before(demands: Iterable[Demand], *, priority: int, reserve: int) -> int:
    """How many of the messages left a message of this `priority` must not touch: the shop's own
    reserve, and what more important journeys still want this month."""
    return reserve + sum(demand.messages for demand in demands if demand.priority < priority)


def expected_demand(sent: int, *, days: int, days_left: int) -> int:
    """What a journey that sent so many messages in the last `days` will want in `days_left`, if it
    goes on as it did; rounded up."""
    return ceil(Fraction(sent * days_left, days)) if days > 0 else 0


@dataclass(frozen=True, slots=True)
class SentCounts:
    """What a journey sent."""

    #: In the last thirty days.
    lately: int = 0
    #: In the whole of last month.
    last_month: int = 0
    #: In that part of last month which is still to come in this one (`rest_of_last_month`).
    rest: int = 0


def still_wanted(past: SentCounts, *, days_left: int) -> int:
    """How many messages a journey will want after today. Many have their days: birthdays the first
    of the month, ranks and "one more visit" the last. So it is what last month's rest brought;
    only who sent nothing last month is expected to go on as lately."""
    if past.last_month:
        return past.rest
    return expected_demand(past.lately, days=MONTH.days, days_left=days_left)


def rest_of_last_month(shop: Shop, now: datetime) -> tuple[datetime, datetime, datetime]:
    """When last month began, when that part of it did which answers to the days after today, and
    when it ended (UTC). The first half of a month is counted from its beginning, the second to its
    end, however long both months are."""
    today = shop.local(now).date()
    ends = month_start(today)
    begins = month_start(ends - _DAY)
    if today.day <= _FIRST_HALF:
        rest = begins + _DAY * today.day
    else:
        rest = ends - _DAY * ((next_month(today) - today).days - 1)
    return _midnight(shop, begins), _midnight(shop, rest), _midnight(shop, ends)


def _midnight(shop: Shop, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=shop.zone).astimezone(UTC)


def days_left(shop: Shop, now: datetime) -> int:
    """The days of the month still to come, today included."""
    today = shop.local(now).date()
    return (next_month(today) - today).days


def month_of(shop: Shop, now: datetime) -> date:
    """The month that `now` counts to, by its first day."""
    return month_start(shop.local(now).date())


def month_begins(shop: Shop, now: datetime) -> datetime:
    """When the month of `now` began (UTC)."""
    return _midnight(shop, month_of(shop, now))


def next_month_begins(shop: Shop, now: datetime) -> datetime:
    """When the month's messages are there anew (UTC)."""
    return _midnight(shop, next_month(shop.local(now).date()))


def look_again(shop: Shop, now: datetime) -> datetime:
    """When to try again after LINE said that the month's limit is reached: with the new month, and
    before it now and then, as the plan may have grown."""
    return min(now + LOOK_AGAIN, next_month_begins(shop, now))


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the owner is told, once for each key."""

    key: str
    #: Names its sentence in the texts (`quota.<code>`): `short` before the messages run out,
    #: `used_up` when they have.
    code: str
    missing: int
    #: The journeys that don't get all they want, the most important first.
    losers: tuple[str, ...]


def alarm(usage: Usage, ahead: Forecast, *, month: date) -> Alarm | None:
    """Whether the owner should be told of the month's messages; None when they will do."""
    if usage.left is None or not ahead.missing:
        return None
    code = "used_up" if usage.left == 0 else "short"
    return Alarm(f"{code}:{month:%Y-%m}", code, ahead.missing, ahead.losers)
