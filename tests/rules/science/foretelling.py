"""Models made by hand, by which a chance falls with the days of silence alone."""

from math import log, log1p

from rules.science.learned import LEVEL_FROM, ReturnModels
from rules.science.model import HORIZONS, ReturnModel
from rules.science.pattern import NUMBERS, SOON
from rules.science.quality import Quality
from rules.science.visits import VISIT_HORIZONS, VisitModel


def falling(start: float, to: float, *, after: int, members: int = LEVEL_FROM) -> ReturnModels:
    """By these, judged by so many `members`, a chance is `start` right after a visit and `to`
    after so many days, whoever it is and within whatever time."""
    level = log(start / (1 - start))
    slope = (log(to / (1 - to)) - level) / _silence(after)
    return ReturnModels(
        {each: _by_silence(each, level, slope) for each in HORIZONS},
        qualities=dict.fromkeys(HORIZONS, Quality(members, 0.9, 0.1)),
    )


def _silence(days: float) -> float:
    """As the models read it."""
    return log1p(days / SOON)


def _by_silence(horizon: int, level: float, slope: float) -> ReturnModel:
    return ReturnModel(horizon, (level, 0.0, slope, *[0.0] * (NUMBERS - 3)))


def rising_until(days: int, *, start: float, best: float) -> ReturnModels:
    """By these a chance is `start` right after a visit, `best` after so many days, and falls then
    as it rose: somebody's hair is cut."""
    level, height = (log(chance / (1 - chance)) for chance in (start, best))
    bent = (level - height) / _silence(days) ** 2
    weights = [0.0] * NUMBERS
    weights[0], weights[2], weights[11] = level, -2 * bent * _silence(days), bent
    models = {each: ReturnModel(each, tuple(weights)) for each in HORIZONS}
    return ReturnModels(models, qualities=dict.fromkeys(HORIZONS, Quality(LEVEL_FROM, 0.9, 0.1)))


def expecting(
    a_day: float, *, spread: float = 0.0, members: int = LEVEL_FROM
) -> dict[int, VisitModel]:
    """By these, learned from so many `members`, everybody comes as often on each day to come."""
    return {
        days: VisitModel(days, (log(a_day * days), *[0.0] * (NUMBERS - 1)), spread, members)
        for days in VISIT_HORIZONS
    }


def drifting_after(silence: int | None) -> ReturnModels:
    """By these everybody comes again for certain, until they have been away for so many days, and
    drifts; by None the models don't tell."""
    if silence is None:
        return ReturnModels({each: _by_silence(each, 0.0, 0.0) for each in HORIZONS})
    level = _STEEP * _silence(silence - 0.5)
    return ReturnModels({each: _by_silence(each, level, -_STEEP) for each in HORIZONS})


_STEEP = 1e5

#: Nobody's chance ever falls: two months are what it takes.
UNTOLD = drifting_after(None)
