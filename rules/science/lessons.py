"""What a club learns of its own past: its members as they were on earlier days, and what followed.

Strict in time: whatever a model is judged by happened after all that it was learned from.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from ..facts import HALF_LIFE_DAYS
from .fitting import Prior, fit
from .learned import ReturnModels, priors
from .model import ReturnModel
from .pattern import VisitPattern, numbers
from .quality import Quality, quality
from .rhythm import GAPS_MAX, rhythm_of

#: A model learns from so many earlier days, so far apart, and from so many rows at most.
LOOKS, LOOKS_APART, ROWS_MAX = 9, 14, 20_000
#: And so from so many members at most.
MEMBERS_MAX = ROWS_MAX // LOOKS

#: Beside the prior a fit may rank worse by so little, which at a small club is chance.
AUC_SLACK = 0.005

Member = TypeVar("Member")
Rows = tuple[list[list[float]], list[bool]]


@dataclass(frozen=True, slots=True)
class Visits:
    """One member's days with a visit (`date.toordinal`, ascending), and the yen of each."""

    days: Sequence[int]
    yen: Sequence[float]

    def until(self, day: int) -> VisitPattern | None:
        """What they look like at the end of that day; None before the first."""
        count = bisect_right(self.days, day)
        if not count:
            return None
        days = self.days[:count]
        last = days[-GAPS_MAX - 1 :]
        return VisitPattern(
            days=count,
            silence=day - days[-1],
            age=day - days[0],
            recent=sum([2 ** (-(day - each) / HALF_LIFE_DAYS) for each in days]),
            rhythm=rhythm_of([b - a for a, b in pairwise(last)]),
            yen=sum(self.yen[:count]) / count,
        )

    def came(self, after: int, until: int) -> bool:
        """Whether there is a visit after that day, up to and with the other."""
        at = bisect_right(self.days, after)
        return at < len(self.days) and self.days[at] <= until


@dataclass(frozen=True, slots=True)
class Window:
    """Members as they were on a day, and whether each came within the horizon."""

    patterns: list[VisitPattern]
    came: list[bool]

    def only(self, wanted: Iterable[bool]) -> "Window":
        kept = [at for at, want in enumerate(wanted) if want]
        return Window([self.patterns[at] for at in kept], [self.came[at] for at in kept])

    def judged(self, model: ReturnModel) -> Quality:
        """How well `model` foretold it. ValueError where all came, or nobody did."""
        return quality([model.chance(each) for each in self.patterns], self.came)


def window(club: Iterable[Visits], day: int, horizon: int) -> Window:
    found = [(known, each.came(day, day + horizon)) for each in club if (known := each.until(day))]
    return Window([known for known, _ in found], [came for _, came in found])


def drawn(members: Sequence[Member], today: date) -> list[Member]:
    """Those of whom a club learns: `MEMBERS_MAX` at most, at even distances, on another day others.
    In the order in which they joined, all times are spoken for alike."""
    count, first = len(members), today.toordinal()
    if count <= MEMBERS_MAX:
        return list(members)
    return [members[(first + at * count // MEMBERS_MAX) % count] for at in range(MEMBERS_MAX)]


def lessons(members: Sequence[Visits], day: int, horizon: int) -> Rows:
    """The rows that are known at the end of `day`, and whether a return followed each."""
    looks = [window(members, day - horizon - LOOKS_APART * n, horizon) for n in range(LOOKS)]
    rows = [numbers(pattern, horizon) for look in looks for pattern in look.patterns]
    return rows, [came for look in looks for came in look.came]


def learn(members: Sequence[Visits], today: date) -> ReturnModels:
    """The models of a club whose members (`drawn`) came like this up to the end of `today`.

    For each horizon: 1. Fit on what was known before the last window. 2. Judge that on the last
    window, beside the prior. 3. Where it is no worse, fit on all that is known today, else go by
    the prior.
    """
    end = today.toordinal()
    models, qualities = {}, {}
    for horizon, prior in priors().items():
        found = _judged(members, end, prior)
        models[horizon] = fit(prior, *lessons(members, end, horizon)) if found else prior.model
        if found:
            qualities[horizon] = found
    known = min((each.members for each in qualities.values()), default=0)
    all_learned = len(qualities) == len(models)
    return ReturnModels(models, today, known if all_learned else 0, qualities)


def _judged(members: Sequence[Visits], end: int, prior: Prior) -> Quality | None:
    """How well a fit foretold the last window; None if that can't be told, or it was no better
    than the prior."""
    before = end - prior.horizon
    rows, came = lessons(members, before, prior.horizon)
    last = window(members, before, prior.horizon)
    if not rows or len(set(last.came)) < 2:
        return None
    mine, shipped = last.judged(fit(prior, rows, came)), last.judged(prior.model)
    return mine if mine.brier <= shipped.brier and mine.auc >= shipped.auc - AUC_SLACK else None
