"""Models made by hand, by which a chance falls with the days of silence alone."""

from dataclasses import dataclass
from math import log, log1p

from rules.science.learned import LEVEL_FROM, ReturnModels
from rules.science.model import HORIZONS, ReturnModel
from rules.science.pattern import NUMBERS, VisitPattern
from rules.science.visits import VISIT_HORIZONS, VisitModel


class _Falling(ReturnModel):
    """Log odds on a line that falls with the logarithm of the days of silence."""

    def log_odds(self, pattern: VisitPattern) -> float:
        level, slope, *_ = self.weights
        return level + slope * log1p(pattern.silence)


def falling(start: float, to: float, *, after: int, members: int = LEVEL_FROM) -> ReturnModels:
    """By these, learned from so many `members`, a chance is `start` right after a visit and `to`
    after so many days, whoever it is and within whatever time."""
    level = log(start / (1 - start))
    slope = (log(to / (1 - to)) - level) / log1p(after)
    weights = (level, slope, *[0.0] * (NUMBERS - 2))
    return ReturnModels({each: _Falling(each, weights) for each in HORIZONS}, members=members)


def expecting(
    a_day: float, *, spread: float = 0.0, members: int = LEVEL_FROM
) -> dict[int, VisitModel]:
    """By these, learned from so many `members`, everybody comes as often on each day to come."""
    return {
        days: VisitModel(days, (log(a_day * days), *[0.0] * (NUMBERS - 1)), spread, members)
        for days in VISIT_HORIZONS
    }


@dataclass(frozen=True, slots=True)
class _FallingOnce(ReturnModel):
    """Everybody comes again for certain, until they have been away for so many days."""

    silence: int | None = None

    def chance(self, pattern: VisitPattern) -> float:
        return float(self.silence is None or pattern.silence < self.silence)


def drifting_after(silence: int | None) -> ReturnModels:
    """By these everybody drifts after so many days; by None the models don't tell."""
    nothing = (0.0,) * NUMBERS
    return ReturnModels({each: _FallingOnce(each, nothing, silence) for each in HORIZONS})


#: Nobody's chance ever falls: two months are what it takes.
UNTOLD = drifting_after(None)
