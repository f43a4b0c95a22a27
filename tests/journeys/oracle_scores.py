"""How likely a member is to come again and when they drift, worked out from docs/science.md alone.

It imports nothing of Kayoi's. The weights are what a club has learned, no rule; whoever asks gives
them: 22 for each number of days ahead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp, log, sqrt
from statistics import NormalDist

#: By the days ahead.
Weights = Mapping[int, Sequence[float]]
_LOOKED_AT = (0, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 366)


@dataclass(frozen=True)
class Visits:
    """The days on which somebody came, one at least, in order; and all that they spent."""

    days: tuple[date, ...]
    yen: int

    def chance(self, weights: Weights, ahead: int, day: date) -> float:
        """That they come within `ahead` days of `day`, if they don't come before it."""
        n = float(len(self.days))
        silence, age = (day - self.days[-1]).days, float((day - self.days[0]).days)
        recent = sum(2 ** (-(day - came).days / 60) for came in self.days)
        if age > 365:
            n, age = max(1, n * 365 / age), 365
        own = max(-8, min(8, self._own_log_odds(silence, ahead)))
        spent = self.yen / len(self.days)
        yen = max(-3, min(3, log(spent / 1_000))) if spent else 0
        five = [log(n), log(1 + silence / 10), log(1 + age), log(1 + recent), own]
        pairs = [a * b for at, a in enumerate(five) for b in five[at:]]
        numbers = [1, *five, *pairs, yen]
        odds = sum(w * each for w, each in zip(weights[ahead], numbers, strict=True))
        return 1 / (1 + exp(-odds))

    def _gap(self) -> tuple[float, float]:
        """The mean of the next gap's logarithm, and its standard deviation."""
        logs = [log((b - a).days) for a, b in pairwise(self.days)][-8:]
        count = 2.5 + len(logs)
        mean = (2.5 * log(14) + sum(logs)) / count
        apart = 2.5 * (1 + (log(14) - mean) ** 2) + sum((each - mean) ** 2 for each in logs)
        return mean, sqrt(apart / count * (1 + 1 / count))

    def _own_log_odds(self, silence: int, ahead: int) -> float:
        gap = NormalDist(*self._gap())
        over = 1 - gap.cdf(log(silence + ahead))
        ends = gap.cdf(log(silence + ahead)) - gap.cdf(log(max(silence, 0.5)))
        return log(ends / over) if ends > 0 and over > 0 else -8 if ends <= 0 else 8

    def drifts_on(self, weights: Weights) -> date:
        last, gap = self.days[-1], exp(self._gap()[0])
        ahead = next((each for each in (14, 30, 60) if each >= 2 * gap), 60)
        best = self.chance(weights, ahead, last)
        for low, high in pairwise(_LOOKED_AT):
            if len(self.days) == 1 and high > 60:
                break
            falls = [
                day
                for day in (last + timedelta(days=each) for each in range(low + 1, high + 1))
                if self.chance(weights, ahead, day) <= best - 0.25
            ]
            if falls and falls[-1] == last + timedelta(days=high):
                return falls[0]
            best = max(best, self.chance(weights, ahead, last + timedelta(days=high)))
        return _two_months_after(last)


def _two_months_after(day: date) -> date:
    """The same day of the month, or its last one."""
    month = day.month + 1
    year, month = day.year + month // 12, month % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (after - timedelta(days=1)).day))
