"""What a club learns of its own past: its members as they were on earlier days, and what followed.

Strict in time: whatever a model is judged by happened after all that it was learned from.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeVar

from ..facts import HALF_LIFE_DAYS
from .fitting import Prior, fit, most_likely
from .learned import ReturnModels, priors, visit_priors
from .model import ReturnModel
from .pattern import VisitPattern, numbers
from .quality import Quality, deviance, quality
from .rhythm import GAPS_MAX, rhythm_of
from .visits import VISIT_HORIZONS, VisitModel, VisitPrior

#: A model learns from so many earlier days, so far apart.
LOOKS, LOOKS_APART = 9, 14
#: From so many members at most, and so many of their rows.
MEMBERS_MAX, ROWS_MAX = 30_000, 20_000
#: Where rows are too many, one of somebody who came on one day only is taken so much more rarely:
#: they look much alike.
_ONCE = 6

#: Beside the prior a fit may rank worse by so little, which at a small club is chance.
AUC_SLACK = 0.005

Member = TypeVar("Member")


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

    def came(self, after: int, until: int) -> int:
        """On how many days after that one they came, up to and with the other."""
        return bisect_right(self.days, until) - bisect_right(self.days, after)


@dataclass(frozen=True, slots=True)
class Window:
    """Members as they were on a day, and on how many days each came within the horizon."""

    patterns: list[VisitPattern]
    visits: list[int]

    @property
    def came(self) -> list[bool]:
        return [each > 0 for each in self.visits]

    def judged(self, model: ReturnModel) -> Quality:
        """How well `model` foretold it. ValueError where all came, or nobody did."""
        return quality([model.chance(each) for each in self.patterns], self.came)


def window(club: Iterable[Visits], day: int, horizon: int) -> Window:
    found = [(known, each.came(day, day + horizon)) for each in club if (known := each.until(day))]
    return Window([known for known, _ in found], [visits for _, visits in found])


def drawn(members: Sequence[Member], today: date) -> list[Member]:
    """Those of whom a club learns: `MEMBERS_MAX` at most, at even distances, on another day others.
    In the order in which they joined, all times are spoken for alike."""
    count, first = len(members), today.toordinal()
    if count <= MEMBERS_MAX:
        return list(members)
    return [members[(first + at * count // MEMBERS_MAX) % count] for at in range(MEMBERS_MAX)]


class Sight(NamedTuple):
    """One member on one earlier day, in the order in which rows are drawn."""

    #: Whether they had come on one day only.
    once: bool
    look: int
    came: bool
    days: int
    silence: int
    #: Whose place in the club it is.
    member: int
    #: On how many days they came within the horizon.
    visits: int


class Rows(NamedTuple):
    """What a model is fit to: the numbers, on how many days a visit followed, and for how many rows
    each stands."""

    numbers: list[list[float]]
    visits: list[int]
    weighs: list[float]

    @property
    def came(self) -> list[bool]:
        return [each > 0 for each in self.visits]


class Past(NamedTuple):
    """What a club has seen, for one horizon: what was known before the last window, that window,
    and all that is known today."""

    before: Rows
    last: Window
    now: Rows


def past(members: Sequence[Visits], end: int, horizon: int) -> Past:
    day = end - horizon
    return Past(
        lessons(members, day, horizon),
        window(members, day, horizon),
        lessons(members, end, horizon),
    )


def lessons(members: Sequence[Visits], day: int, horizon: int) -> Rows:
    """The rows that are known at the end of `day`, `ROWS_MAX` of them at most."""
    rows = Rows([], [], [])
    for sight, weighs in _drawn_rows(sorted(_sights(members, day, horizon))):
        pattern = members[sight.member].until(sight.look)
        if pattern is not None:
            rows.numbers.append(numbers(pattern, horizon))
            rows.visits.append(sight.visits)
            rows.weighs.append(weighs)
    return rows


def _sights(members: Sequence[Visits], day: int, horizon: int) -> Iterator[Sight]:
    for look in range(day - horizon, day - horizon - LOOKS_APART * LOOKS, -LOOKS_APART):
        for place, member in enumerate(members):
            if count := bisect_right(member.days, look):
                visits = bisect_right(member.days, look + horizon) - count
                silence = look - member.days[count - 1]
                yield Sight(count == 1, look, visits > 0, count, silence, place, visits)


def _drawn_rows(sights: Sequence[Sight]) -> Iterator[tuple[Sight, float]]:
    """Those that rows are made of, and for how many each stands.

    Every so-manieth of them sorted, so that each look, each outcome and each number of days has
    the part that it has of all: W. G. Madow and L. H. Madow, "On the theory of systematic
    sampling", Annals of Mathematical Statistics 15 (1944), 1-24. Drawn by lot, as many rows
    would make models about twice as far apart.
    """
    once = sum(sight.once for sight in sights)
    more = len(sights) - once
    of_more = min(1.0, ROWS_MAX / max(1.0, more + once / _ONCE))
    of_once = min(1.0, (ROWS_MAX - of_more * more) / max(1, once))
    passed = 0.5
    for sight in sights:
        share = of_once if sight.once else of_more
        passed += share
        if passed >= 1:
            passed -= 1
            yield sight, 1 / share


def learn(members: Sequence[Visits], today: date) -> ReturnModels:
    """The models of a club whose members (`drawn`) came like this up to the end of `today`.

    For each horizon: 1. Fit on what was known before the last window. 2. Judge that on the last
    window, beside the prior. 3. Where it is no worse, fit on all that is known today, else go by
    the prior for that horizon.
    """
    end = today.toordinal()
    models, qualities, visits = {}, {}, {}
    for horizon, prior in priors().items():
        seen = past(members, end, horizon)
        models[horizon], judged = _returns_learned(prior, seen)
        if judged:
            qualities[horizon] = judged
        if horizon in VISIT_HORIZONS:
            visits[horizon] = visits_learned(visit_priors()[horizon], seen)
    return ReturnModels(models, today, qualities, visits)


def _returns_learned(prior: Prior, seen: Past) -> tuple[ReturnModel, Quality | None]:
    """The model, and how well a fit on what was known before the last window foretold that; None if
    that can't be told, or it was no better than the prior."""
    last = seen.last
    if not seen.before.visits or len(set(last.came)) < 2:
        return prior.model, None
    model = _fit(prior, seen.before)
    mine, shipped = last.judged(model), last.judged(prior.model)
    if mine.brier > shipped.brier or mine.auc < shipped.auc - AUC_SLACK:
        return prior.model, None
    return _fit(prior, seen.now, start=model), mine


def _fit(prior: Prior, rows: Rows, start: ReturnModel | None = None) -> ReturnModel:
    return fit(prior, rows.numbers, rows.came, rows.weighs, start)


def visits_learned(shipped: VisitPrior, seen: Past) -> VisitModel:
    """How many visits follow: learned, and judged beside the prior, as returns are. How widely they
    spread is what the last window showed."""
    before, last, now = seen
    if not before.visits or not last.visits:
        return shipped.model
    weights, _ = most_likely(shipped.prior, before.numbers, before.visits, before.weighs)
    models = (replace(shipped.model, weights=tuple(weights)), shipped.model)
    mine, others = ([model.mean(each) for each in last.patterns] for model in models)
    if deviance(mine, last.visits) > deviance(others, last.visits):
        return shipped.model
    weights, _ = most_likely(shipped.prior, now.numbers, now.visits, now.weighs, weights)
    return shipped.learned(weights, mine, last.visits)
