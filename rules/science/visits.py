"""On how many days a member is to be expected: one Poisson regression, and a range around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from .fitting import Prior
from .model import weighed
from .pattern import NUMBERS, VisitPattern

#: Visits within so many days are foretold.
VISIT_HORIZONS = (30, 60)
#: A range leaves out at most a tenth of what may be below it, and above.
_LEFT_OUT = 0.1
#: What others' counts say of the spread counts as much as so many members.
_OTHERS = 300
#: Far beyond the logarithm of any number of days, and still within what can be raised to.
_LOG_MEAN_MAX = 20.0


@dataclass(frozen=True, slots=True)
class VisitModel:
    """The days with a visit among the next `horizon`."""

    horizon: int
    #: `NUMBERS` of them, in the order of `pattern.numbers`, for the logarithm of the mean.
    weights: tuple[float, ...]
    #: Around a mean m the variance is m + dispersion · m²: 0 is Poisson's law.
    dispersion: float
    #: Judged by so many of the club's members; 0: as shipped.
    members: int = 0

    def __post_init__(self) -> None:
        if len(self.weights) != NUMBERS:
            raise ValueError(f"a model has {NUMBERS} weights, not {len(self.weights)}")

    def mean(self, pattern: VisitPattern) -> float:
        """There is never more than one on each day."""
        log_mean = weighed(self.weights, pattern, self.horizon)
        within = max(-_LOG_MEAN_MAX, min(_LOG_MEAN_MAX, log_mean))
        return min(float(self.horizon), exp(within))

    def range(self, mean: float) -> tuple[int, int]:
        """What most counts with this mean lie in."""
        low, high = count_range(mean, self.dispersion)
        return min(self.horizon, low), min(self.horizon, high)


@dataclass(frozen=True, slots=True)
class VisitPrior:
    """What is believed of a `VisitModel` before a club has shown anything."""

    prior: Prior
    dispersion: float

    @property
    def model(self) -> VisitModel:
        return VisitModel(self.prior.horizon, self.prior.mean, self.dispersion)

    def learned(
        self, weights: Sequence[float], means: Sequence[float], counts: Sequence[int]
    ) -> VisitModel:
        """With weights of the club's own, and the spread that its `counts` show around `means` that
        were foretold."""
        own, count = dispersion(means, counts), len(counts)
        spread = (_OTHERS * self.dispersion + count * own) / (_OTHERS + count)
        return VisitModel(self.prior.horizon, tuple(weights), spread, count)


def dispersion(
    means: Sequence[float], counts: Sequence[int], weighs: Sequence[float] | None = None
) -> float:
    """How much more counts spread than Poisson's law has it, as a part of the squared mean, by
    moments: N. E. Breslow, "Extra-Poisson variation in log-linear models", Applied Statistics 33
    (1984), 38-44. Never less than 0, though clockwork spreads less."""
    often = weighs or [1.0] * len(means)
    seen = list(zip(often, means, counts, strict=True))
    squares = sum(n * m * m for n, m, _ in seen)
    return max(0.0, sum(n * ((y - m) ** 2 - m) for n, m, y in seen) / squares)


def count_range(mean: float, spread: float) -> tuple[int, int]:
    """The tenth and the ninetieth of 100 counts with this mean, by the negative binomial law:
    J. F. Lawless, "Negative binomial and mixed Poisson regression", Canadian Journal of Statistics
    15 (1987), 209-225. Counts being whole, it holds four of five or more."""
    more = 1 + spread * mean
    chance = more ** (-1 / spread) if spread > _SPREAD_LEAST else exp(-mean)
    passed, count, low = chance, 0, -1
    while True:
        if low < 0 and passed > _LEFT_OUT:
            low = count
        if passed >= 1 - _LEFT_OUT:
            return low, count
        chance *= (1 + spread * count) * mean / (more * (count + 1))
        count += 1
        passed += chance


#: Less is Poisson's law, which a quotient by it would lose.
_SPREAD_LEAST = 1e-6
