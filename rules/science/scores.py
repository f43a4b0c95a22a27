"""What answers to surveys come to: means, the Net Promoter Score, and the gap between what was
hoped for and how it was; each with how far it may be believed.

Of each member one answer counts, their latest: many answers of one person are not many people's.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev
from typing import TypeVar

_Key = TypeVar("_Key", bound=Hashable)

#: Below so many answers a margin by the normal distribution is itself off by too much (W. G.
#: Cochran, "Sampling Techniques", 3rd ed. 1977, section 2.15, and every textbook's thirty).
ANSWERS_MIN = 30
#: What a margin of 95 % reaches to either side, in standard errors.
_REACH = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class MeanFigure:
    """A mean of `count` answers."""

    count: int
    mean: float
    #: To either side, for 95 %; None where there are too few answers.
    margin: float | None


@dataclass(frozen=True, slots=True)
class NpsFigure:
    """Promoters less detractors, as per cent of all: from -100 to 100."""

    promoters: int
    passives: int
    detractors: int
    score: float
    #: To either side, for 95 %; None where there are too few answers.
    margin: float | None

    @property
    def count(self) -> int:
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True, slots=True)
class GapFigure:
    """What the same members hoped for and found: both means, and the mean of each one's gap."""

    before: float
    after: float
    gap: MeanFigure


def mean_of(numbers: Sequence[float]) -> MeanFigure | None:
    """None for no numbers."""
    if not numbers:
        return None
    count = len(numbers)
    enough = count >= ANSWERS_MIN
    margin = _REACH * stdev(numbers) / sqrt(count) if enough else None
    return MeanFigure(count, fmean(numbers), margin)


def nps_of(scores: Iterable[int]) -> NpsFigure | None:
    """The Net Promoter Score of answers from 0 to 10: 9 and 10 are promoters, 0 to 6 detractors
    (F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003).

    Each answer counts as +1, 0 or -1, so that the variance of one is p + d - (p - d)², and of the
    score that divided by their number (B. Rocks, "Interval Estimation for the 'Net Promoter
    Score'", The American Statistician 70 (2016), 365-372: the Wald interval).
    """
    found = list(scores)
    if not found:
        return None
    count = len(found)
    promoters, detractors = sum(n >= 9 for n in found), sum(n <= 6 for n in found)
    share, spread = (promoters - detractors) / count, (promoters + detractors) / count
    error = sqrt(max(0.0, spread - share**2) / count)
    margin = 100 * _REACH * error if count >= ANSWERS_MIN else None
    passives = count - promoters - detractors
    return NpsFigure(promoters, passives, detractors, 100 * share, margin)


def gap_of(pairs: Sequence[tuple[int, int]]) -> GapFigure | None:
    """Of each member what they hoped for and what they found: a paired comparison, which leaves out
    that some give higher numbers than others to anything."""
    gap = mean_of([after - before for before, after in pairs])
    if gap is None:
        return None
    return GapFigure(fmean(b for b, _ in pairs), fmean(a for _, a in pairs), gap)


@dataclass(frozen=True, slots=True)
class ScaleFigure:
    """What `count` answers come to; no value where they are too few."""

    count: int
    value: float | None = None
    #: To either side, for 95 %.
    margin: float | None = None


NO_ANSWERS = ScaleFigure(0)


def scale_figure(counts: Counter[int], *, is_nps: bool) -> ScaleFigure:
    """Their mean, or the Net Promoter Score of them, by how many gave each number."""
    numbers = list(counts.elements())
    if len(numbers) < ANSWERS_MIN:
        return ScaleFigure(len(numbers))
    if is_nps:
        nps = nps_of(numbers)
        return ScaleFigure(nps.count, nps.score, nps.margin) if nps else NO_ANSWERS
    mean = mean_of(numbers)
    return ScaleFigure(mean.count, mean.mean, mean.margin) if mean else NO_ANSWERS


def figures_by(found: Iterable[tuple[_Key, int, int]], *, is_nps: bool) -> dict[_Key, ScaleFigure]:
    """The figure of each key; `found`: a key, a number, and how many gave it."""
    counts: dict[_Key, Counter[int]] = {}
    for key, number, count in found:
        counts.setdefault(key, Counter())[number] += count
    return {key: scale_figure(its, is_nps=is_nps) for key, its in counts.items()}
