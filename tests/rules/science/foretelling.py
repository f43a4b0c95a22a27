"""Models made by hand, by which a chance falls with the days of silence alone."""

from math import log, log1p

from rules.science.learned import LEVEL_FROM, ReturnModels
from rules.science.model import HORIZONS, ReturnModel
from rules.science.pattern import NUMBERS


def falling(start: float, to: float, *, after: int, members: int = LEVEL_FROM) -> ReturnModels:
    """By these, learned from so many `members`, a chance is `start` right after a visit and `to`
    after so many days, whoever it is and within whatever time."""
    level = log(start / (1 - start))
    slope = (log(to / (1 - to)) - level) / log1p(after)
    weights = (level, 0.0, slope, *[0.0] * (NUMBERS - 3))
    return ReturnModels({each: ReturnModel(each, weights) for each in HORIZONS}, members=members)
