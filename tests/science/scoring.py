"""How well the next weeks of a club are foretold, in the figures that `make science` tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from statistics import fmean
from time import process_time
from typing import TypeVar

from rules.science.fitting import Prior, fit
from rules.science.learned import PRIOR
from rules.science.lessons import Window, drawn, lessons, past, visits_learned, window
from rules.science.model import ReturnModel
from rules.science.pattern import VisitPattern
from rules.science.quality import auc, brier, level_set, widest_gap
from rules.science.visits import VISIT_HORIZONS, VisitPrior

from .data import CLUBS, MADE, Club
from .learning import Lesson, prior_of, visit_prior_of

Value = TypeVar("Value")
#: What the club did before: two months away are what it takes.
FLAG_DAYS = 60


@dataclass(frozen=True)
class Scores:
    """Of one way to foretell, at one club."""

    auc: float
    #: Among members with three days or more.
    auc_3: float
    #: Among those who were regular until lately: five days or more, the last within 60.
    auc_regular: float
    brier: float
    brier_3: float
    #: By how much the worst tenth of the members is off: as foretold, and with the level set right.
    gap: float
    gap_level: float


@dataclass(frozen=True)
class Counted:
    """How well the number of visits within `days` was foretold at one club, beside as many as there
    were within as many days before."""

    days: int
    #: Visits of a member on average: as they were, and as foretold.
    seen: float
    foretold: float
    #: The mean distance from what was, and the root of the mean squared one.
    off: float
    off_before: float
    root: float
    root_before: float
    #: In so many cases the range held; and so of those for whom one visit or more was foretold.
    held: float
    held_often: float


@dataclass(frozen=True)
class Tried:
    """What was found at one club."""

    club: Club
    members: int
    came: float
    #: By the way of foretelling: the model, its prior alone, a published model, the flag.
    by: dict[str, Scores]
    #: Of processor time, for 20,000 rows; and for the chances of 100,000 members.
    fit_seconds: float
    score_seconds: float
    counted: list[Counted]


def tried(club: Club) -> Tried:
    """All ways at one club. The prior was learned from clubs of other families."""
    members, cut = club.members(), club.cut.toordinal()
    prior = prior_for(club.horizon, without=club.family)
    rows = lessons(drawn(members, club.cut), cut, club.horizon)
    started = process_time()
    model = fit(prior, rows.numbers, rows.came, rows.weighs)
    fitted = process_time()
    found = window(members, cut, club.horizon)
    looked = process_time()
    chances = [model.chance(pattern) for pattern in found.patterns]
    scored = process_time()
    by = {
        "the model": of_model(model, found),
        "its prior alone": of_model(prior.model, found),
        "60-day flag": of_chances(found, [float(p.silence < FLAG_DAYS) for p in found.patterns]),
    }
    published = MADE / f"{club.name}.chances"
    if published.exists():
        lines = published.read_text(encoding="utf-8").split()
        by["BG/NBD" if club.name == "cdnow" else "MBG/NBD"] = of_chances(
            found, [float(line) for line in lines]
        )
    return Tried(
        club,
        len(chances),
        sum(found.came) / len(chances),
        by,
        (fitted - started) / len(rows.came) * 20_000,
        (scored - looked) / len(chances) * 100_000,
        [counted(club, days) for days in VISIT_HORIZONS],
    )


def counted(club: Club, days: int) -> Counted:
    """The number of visits, foretold from what was known on the day of the cut."""
    members, cut = club.members(), club.cut.toordinal()
    prior = visit_prior_for(days, without=club.family)
    model = visits_learned(prior, past(drawn(members, club.cut), cut, days))
    found = window(members, cut, days)
    means = [model.mean(pattern) for pattern in found.patterns]
    before = [float(each.came(cut - days, cut)) for each in members if each.until(cut)]
    ranges = [model.range(mean) for mean in means]
    held = [low <= y <= high for (low, high), y in zip(ranges, found.visits, strict=True)]
    often = _of(held, [mean >= 1 for mean in means])
    return Counted(
        days,
        fmean(found.visits),
        fmean(means),
        fmean(abs(m - y) for m, y in zip(means, found.visits, strict=True)),
        fmean(abs(m - y) for m, y in zip(before, found.visits, strict=True)),
        sqrt(fmean((m - y) ** 2 for m, y in zip(means, found.visits, strict=True))),
        sqrt(fmean((m - y) ** 2 for m, y in zip(before, found.visits, strict=True))),
        fmean(held),
        fmean(often),
    )


@cache
def prior_for(horizon: int, *, without: str | None = None) -> Prior:
    """Learned from all clubs, but those of one family."""
    taught = [_lesson(club.name, horizon) for club in CLUBS.values() if club.family != without]
    # What is shipped is where the search begins; where it ends doesn't depend on that.
    return prior_of(horizon, taught, PRIOR.by_horizon[horizon].weights)


@cache
def visit_prior_for(horizon: int, *, without: str | None = None) -> VisitPrior:
    taught = [_lesson(club.name, horizon) for club in CLUBS.values() if club.family != without]
    return visit_prior_of(horizon, taught)


@cache
def _lesson(name: str, horizon: int) -> Lesson:
    club = CLUBS[name]
    some = drawn(club.members(), club.taught_on)
    return Lesson(lessons(some, club.taught_on.toordinal(), horizon), club.share)


def of_model(model: ReturnModel, found: Window) -> Scores:
    chances = [model.chance(pattern) for pattern in found.patterns]
    return _scores(found, chances, [model.log_odds(pattern) for pattern in found.patterns])


def of_chances(found: Window, chances: Sequence[float]) -> Scores:
    sure = 1e-6
    kept = [min(1 - sure, max(sure, chance)) for chance in chances]
    return _scores(found, chances, [log(each / (1 - each)) for each in kept])


def _scores(found: Window, chances: Sequence[float], log_odds: Sequence[float]) -> Scores:
    known = [pattern.days >= 3 for pattern in found.patterns]
    regular = [was_regular(pattern) for pattern in found.patterns]
    chances_3, came_3 = _of(chances, known), _of(found.came, known)
    right = level_set(log_odds, sum(found.came) / len(found.came))
    return Scores(
        auc=auc(chances, found.came),
        auc_3=auc(chances_3, came_3),
        auc_regular=auc(_of(chances, regular), _of(found.came, regular)),
        brier=brier(chances, found.came),
        brier_3=brier(chances_3, came_3),
        gap=widest_gap(chances, found.came),
        gap_level=widest_gap(right, found.came),
    )


def was_regular(pattern: VisitPattern) -> bool:
    """Regular until lately: whether they are gone now is what matters."""
    return pattern.days >= 5 and pattern.silence <= 60


def _of(values: Sequence[Value], wanted: Sequence[bool]) -> list[Value]:
    return [value for value, want in zip(values, wanted, strict=True) if want]
