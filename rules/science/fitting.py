"""Learning a model from a club's own past, starting from what other clubs taught.

The most likely weights, given the rows and a normal prior, by Newton's steps: D. R. Cox, "The
regression analysis of binary sequences", JRSS B 20 (1958), 215-242, with the prior as in D. J. C.
MacKay, "The evidence framework applied to classification networks", Neural Computation 4 (1992).
Counts in the same way: J. A. Nelder and R. W. M. Wedderburn, "Generalized linear models", JRSS A
135 (1972), 370-384.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import dist, exp, sqrt
from operator import mul
from typing import NamedTuple

from .model import ReturnModel
from .pattern import NUMBERS

_STEPS_MAX = 25
#: No step moves somebody's log odds by more.
_STEP_MAX = 4.0
#: After a step that moves nobody's by more than this the next would move them by its square.
_CLOSE = 1e-2
#: Beyond these a fit that has gone astray for a step is not followed.
_LOG_ODDS_MAX, _LOG_MEAN_MAX = 30.0, 10.0


class Family(NamedTuple):
    """What is foretold, by a number that the weights make: its mean, and the variance that goes
    with a mean."""

    mean: Callable[[float], float]
    variance: Callable[[float], float]


def _chance(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-_LOG_ODDS_MAX, min(_LOG_ODDS_MAX, log_odds))))


def _mean_count(log_mean: float) -> float:
    return exp(max(-_LOG_ODDS_MAX, min(_LOG_MEAN_MAX, log_mean)))


#: Whether something happens, by its log odds; how often, by the logarithm of that.
BINARY = Family(_chance, lambda chance: chance * (1 - chance))
POISSON = Family(_mean_count, lambda mean: mean)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a model's weights before a club has shown anything."""

    horizon: int
    mean: tuple[float, ...]
    #: `NUMBERS` times `NUMBERS`: the weight of that belief, an information matrix.
    information: tuple[tuple[float, ...], ...]
    family: Family = BINARY

    @property
    def model(self) -> ReturnModel:
        return ReturnModel(self.horizon, self.mean)


def fit(
    prior: Prior,
    rows: Sequence[Sequence[float]],
    came: Sequence[bool],
    weighs: Sequence[float] | None = None,
    start: ReturnModel | None = None,
) -> ReturnModel:
    """The model that the prior becomes by so many `rows` (`pattern.numbers`), and whether each was
    followed by a return. Each counts as often as it `weighs`. From a `start` near by it is found
    sooner."""
    first = start.weights if start else None
    return ReturnModel(prior.horizon, tuple(most_likely(prior, rows, came, weighs, first)[0]))


def most_likely(
    prior: Prior,
    rows: Sequence[Sequence[float]],
    came: Sequence[float],
    weighs: Sequence[float] | None = None,
    start: Sequence[float] | None = None,
) -> tuple[list[float], list[list[float]]]:
    """The weights, and the information that the rows hold of them."""
    mean, variance = prior.family
    columns = list(zip(*rows, strict=True)) or [()] * NUMBERS
    often = weighs or [1.0] * len(rows)
    weights = list(start or prior.mean)
    held, told = _held(columns, []), _times(rows, weights)
    for _ in range(_STEPS_MAX):
        means = list(map(mean, told))
        held = _held(columns, [sqrt(n * variance(m)) for n, m in zip(often, means, strict=True)])
        missed = [n * (y - m) for n, y, m in zip(often, came, means, strict=True)]
        gone = [w - m for w, m in zip(weights, prior.mean, strict=True)]
        slope = [
            sum(map(mul, column, missed)) - sum(map(mul, line, gone))
            for column, line in zip(columns, prior.information, strict=True)
        ]
        step = solve(_plus(held, prior.information), slope)
        moves = _times(rows, step)
        widest = max(map(abs, moves), default=0.0)
        shrunk = min(1.0, _STEP_MAX / widest) if widest else 1.0
        weights = [w + shrunk * s for w, s in zip(weights, step, strict=True)]
        told = [t + shrunk * move for t, move in zip(told, moves, strict=True)]
        if widest < _CLOSE:
            break
    return weights, held


def _held(columns: Sequence[Sequence[float]], roots: Sequence[float]) -> list[list[float]]:
    """The sum over rows of each pair of their numbers, as often as it counts, given the root of
    that. By the law of cosines: `math` adds up distances four times as fast as products."""
    weighed = [tuple(map(mul, column, roots)) for column in columns]
    squares = [dist(each, (0.0,) * len(each)) ** 2 for each in weighed]
    found = [[0.0] * len(columns) for _ in columns]
    for i, column in enumerate(weighed):
        found[i][i] = squares[i]
        for j in range(i):
            apart = dist(column, weighed[j]) ** 2
            found[i][j] = found[j][i] = (squares[i] + squares[j] - apart) / 2
    return found


def _times(rows: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    return [sum(map(mul, row, weights)) for row in rows]


def _plus(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> list[list[float]]:
    return [
        [a + b for a, b in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(one, other, strict=True)
    ]


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """`x` with matrix · x = right, for a symmetric positive matrix: Cholesky's way. ValueError for
    one that is not."""
    size = len(right)
    lower: list[list[float]] = []
    for i, line in enumerate(matrix):
        row: list[float] = []
        for j in range(i):
            row.append((line[j] - sum(map(mul, row, lower[j]))) / lower[j][j])
        left = line[i] - sum(map(mul, row, row))
        if left <= 0:
            raise ValueError("the matrix is not positive")
        lower.append([*row, sqrt(left)])
    half: list[float] = []
    for line, value in zip(lower, right, strict=True):
        half.append((value - sum(map(mul, line, half))) / line[-1])
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(lower[k][i] * found[k] for k in range(i + 1, size))
        found[i] = (half[i] - rest) / lower[i][i]
    return found
