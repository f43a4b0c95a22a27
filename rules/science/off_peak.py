"""Off-peak hours: a run of hours in which at most half as many members come as in the others,
beyond chance.

Every run of two to four hours on every set of weekdays is looked at. If all hours were alike, the
visits in it would be a binomial part of all visits, by its share of the hours (Przyborowski and
Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940),
313-323). That so few of N visits fall into it, or fewer, has at most the probability
exp(-N KL(a, p)), where a is their share and p that of the hours (Hoeffding, "Probability
inequalities for sums of bounded random variables", JASA 58 (1963), 13-30, theorem 1). N KL(a, p) is
the likelihood ratio by which scan statistics choose among windows (Kulldorff, "A spatial scan
statistic", Communications in Statistics 26 (1997), 1481-1496): here it chooses, and decides too,
with the number of windows allowed for (Bonferroni).

Days differ by more than chance: it rains, or there is a feast near by. Who asks for half as many,
over eight days of each weekday at least, is not taken in by that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import ceil, log
from typing import Literal

#: An hour of the week: the weekday as date.weekday() counts, and the hour of the business day, of
#: which 25 is one o'clock at night.
WeekHour = tuple[int, int]

#: How long such a run is, in hours.
LENGTH_MIN, LENGTH_MAX = 2, 4
#: In it at most this share of what comes in the others, as a share of 1.
SHARE_MAX = 0.5
#: That any is found where all hours are alike happens to one club in twenty at the most.
CHANCE_MAX = 0.05
#: A weekday that was seen on fewer days is not judged.
DAYS_MIN = 8
#: What must show before it is said that there is nothing: two hours on so many weekdays.
_WEEKDAYS_TO_SHOW = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of some hours: how many there were, and the visits in them."""

    hours: int = 0
    visits: int = 0

    @property
    def rate(self) -> float:
        """Visits an hour."""
        return self.visits / self.hours if self.hours else 0.0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.hours + other.hours, self.visits + other.visits)

    def __sub__(self, other: "Seen") -> "Seen":
        return Seen(self.hours - other.hours, self.visits - other.visits)


@dataclass(frozen=True, slots=True)
class OffPeak:
    """The run that stands out most."""

    #: As date.weekday() counts, in order.
    weekdays: tuple[int, ...]
    first_hour: int
    #: The hour that is no more in it.
    end_hour: int
    inside: Seen
    others: Seen

    @property
    def hours(self) -> int:
        """How many hours it has on each of its days."""
        return self.end_hour - self.first_hour

    @property
    def missing_a_week(self) -> float:
        """How many visits more a week there would be if it were as busy as the others."""
        return (self.others.rate - self.inside.rate) * self.hours * len(self.weekdays)


@dataclass(frozen=True, slots=True)
class NoOffPeak:
    """There is none ("even"), or nobody can tell yet: too few visits, or too few weeks."""

    why: Literal["even", "few", "short"]
    visits: int
    #: So many visits in the same time would tell; 0 where it isn't for their number.
    needed: int = 0


def off_peak(
    week: Mapping[WeekHour, Seen], taken: frozenset[WeekHour] = frozenset()
) -> OffPeak | NoOffPeak:
    """The run that stands out most in a week of a shop's opening hours, none of it `taken` already.

    Fewer visits in an hour never take it out of what is found.
    """
    week = {hour: seen for hour, seen in week.items() if seen.hours >= DAYS_MIN}
    everything = sum(week.values(), Seen())
    if not week:
        return NoOffPeak("short", everything.visits)
    looked_at = sum(1 for _ in _spans(week)) * (2 ** len(_weekdays(week)) - 1)
    threshold = log(max(1, looked_at) / CHANCE_MAX)
    found = max(_runs(week, everything, taken), key=_evidence, default=None)
    if found and _evidence(found) >= threshold:
        return found
    needed = _needed(week, everything, threshold)
    why: Literal["even", "few"] = "few" if everything.visits < needed else "even"
    return NoOffPeak(why, everything.visits, needed)


def _runs(
    week: Mapping[WeekHour, Seen], everything: Seen, taken: frozenset[WeekHour]
) -> Iterator[OffPeak]:
    """Every run on every set of weekdays in which so few come that it may be one."""
    for first, end in _spans(week):
        by_day = {
            weekday: sum((week[weekday, hour] for hour in range(first, end)), Seen())
            for weekday in _weekdays(week)
            if taken.isdisjoint((weekday, hour) for hour in range(first, end))
        }
        for weekdays in _sets(tuple(by_day)):
            inside = sum((by_day[weekday] for weekday in weekdays), Seen())
            others = everything - inside
            if others.hours and inside.rate <= SHARE_MAX * others.rate:
                yield OffPeak(weekdays, first, end, inside, others)


def _evidence(found: OffPeak) -> float:
    """N KL(a, p): how far it is from what chance would bring."""
    everything = found.inside + found.others
    part = found.inside.visits / everything.visits if everything.visits else 0.0
    return everything.visits * _divergence(part, found.inside.hours / everything.hours)


def _divergence(a: float, p: float) -> float:
    """The Kullback-Leibler divergence of one share from another, both of 1, `p` within."""
    return sum(x * log(x / y) for x, y in ((a, p), (1 - a, 1 - p)) if x)


def _needed(week: Mapping[WeekHour, Seen], everything: Seen, threshold: float) -> int:
    """How many visits it takes to see two hours on three weekdays that are half as busy."""
    days = min(_WEEKDAYS_TO_SHOW, len(_weekdays(week)))
    p = days * LENGTH_MIN / len(week)
    if p >= 1:
        return everything.visits + 1
    a = SHARE_MAX * p / (SHARE_MAX * p + 1 - p)
    return ceil(threshold / _divergence(a, p))


def _spans(week: Mapping[WeekHour, Seen]) -> Iterator[tuple[int, int]]:
    """Every run of hours that the shop is open: the first, and the one after the last."""
    hours = [hour for _, hour in week]
    opens, closes = min(hours), max(hours) + 1
    for first in range(opens, closes):
        for end in range(first + LENGTH_MIN, min(first + LENGTH_MAX, closes) + 1):
            yield first, end


def _weekdays(week: Mapping[WeekHour, Seen]) -> tuple[int, ...]:
    return tuple(sorted({weekday for weekday, _ in week}))


def _sets(weekdays: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for length in range(1, len(weekdays) + 1):
        yield from combinations(weekdays, length)
