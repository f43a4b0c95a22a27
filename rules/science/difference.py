"""What a message brings: the share of those who came of one side of a test, less that of another.

Each complete episode counts on the side that was drawn for it, with the chance that the model gave
it before the draw. Whoever was likely to come anyway tells little, and the chance takes that out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

#: Before so many episodes are complete on each side, nothing is said of a difference.
EPISODES_MIN = 10
#: Nor before so many came, and so many did not, on each side.
OUTCOMES_MIN = 5
#: Less of a spread than this, as a share of the chances' squares, is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SideSums:
    """One side of a test, over its complete episodes. Sides add up."""

    episodes: int = 0
    #: The sum of their foretold chances; 0 for an episode of which none was kept.
    x: float = 0.0
    #: The sum of the chances' squares.
    xx: float = 0.0
    #: So many came within the window.
    came: int = 0
    #: The sum of the chances of those who came.
    xy: float = 0.0

    def __add__(self, other: "SideSums") -> "SideSums":
        return SideSums(
            self.episodes + other.episodes,
            self.x + other.x,
            self.xx + other.xx,
            self.came + other.came,
            self.xy + other.xy,
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference of shares, and how far off it may be."""

    #: As a share of 1: 0.08 are eight more visitors for a hundred episodes.
    points: float
    #: Its standard error.
    error: float


class Stratum(NamedTuple):
    """Both sides of what was drawn alike: one journey, one version, one share held back."""

    mine: SideSums
    other: SideSums


def can_tell(mine: SideSums, other: SideSums) -> bool:
    """Whether there is enough on both sides for anything to be said at all."""
    return all(
        side.episodes >= EPISODES_MIN and min(side.came, side.episodes - side.came) >= OUTCOMES_MIN
        for side in (mine, other)
    )


def difference(mine: SideSums, other: SideSums) -> Estimate | None:
    """How much more of `mine` came; None while a side has fewer than two episodes.

    Each side has its own line of outcome on chance, read where all episodes of both have their mean
    chance: W. Lin, "Agnostic notes on regression adjustments to experimental data", Annals of
    Applied Statistics 7 (2013), 295-318. The draw alone makes it right, whether the chances are or
    not. While a side has fewer than EPISODES_MIN episodes, or chances without a spread, the shares
    are compared as they are.
    """
    if min(mine.episodes, other.episodes) < 2:
        return None
    middle = (mine.x + other.x) / (mine.episodes + other.episodes)
    sloped = all(_spread(side) > 0 and side.episodes >= EPISODES_MIN for side in (mine, other))
    share, variance = _read(mine, middle, sloped=sloped)
    against, variance_against = _read(other, middle, sloped=sloped)
    return Estimate(share - against, sqrt(variance + variance_against))


def counts(stratum: Stratum) -> bool:
    """Whether it has enough of both sides to be counted with others."""
    return min(side.episodes for side in stratum) >= EPISODES_MIN


def pooled(strata: Iterable[Stratum]) -> Estimate | None:
    """What the messages of all `strata` bring for an episode, on average; None where none can be
    reckoned.

    Each stratum is compared within itself and weighs as much as it has episodes, so that the figure
    is the plain average over all of them. Nothing that was seen may change those weights: a test is
    decided when it looks well, and less is held back from then on. Weights by how much each side's
    numbers tell would let the first part, which looked well, weigh the more the sooner it was
    decided; and those by the errors found would favour what came out small by chance.

    A stratum counts from EPISODES_MIN episodes on each side on: the spread of fewer says little.
    """
    found = [(difference(*each), sum(side.episodes for side in each)) for each in strata
             if counts(each)]  # fmt: skip
    counted = [(each, weight) for each, weight in found if each is not None]
    if not counted:
        return None
    total = sum(weight for _, weight in counted)
    points = sum(each.points * weight for each, weight in counted) / total
    return Estimate(
        points, sqrt(sum((each.error * weight) ** 2 for each, weight in counted)) / total
    )


def both_sides(strata: Iterable[Stratum]) -> Stratum:
    """The sums of all strata, side by side: whether they `can_tell` anything together."""
    mine, other = SideSums(), SideSums()
    for each in strata:
        mine, other = mine + each.mine, other + each.other
    return Stratum(mine, other)


def _spread(side: SideSums) -> float:
    """The chances' squared distances from their mean, summed; 0 where that is rounding."""
    spread = side.xx - side.x**2 / side.episodes
    return spread if spread > _ROUNDING * side.xx else 0.0


def _read(side: SideSums, at: float, *, sloped: bool) -> tuple[float, float]:
    """The share of `side` who come where the chance is `at`, and the figure's variance."""
    count, share, mean = side.episodes, side.came / side.episodes, side.x / side.episodes
    left_over = side.came * (1 - share)
    if not sloped:
        return share, left_over / (count - 1) / count
    spread, together = _spread(side), side.xy - side.x * share
    slope = together / spread
    left_over = max(0.0, left_over - slope * together)
    variance = left_over / (count - 2) * (1 / count + (at - mean) ** 2 / spread)
    return share + slope * (at - mean), variance
