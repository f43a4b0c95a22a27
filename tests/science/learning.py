"""The prior: what other clubs teach."""

import json
from collections.abc import Mapping, Sequence
from operator import mul
from pathlib import Path
from typing import Any, NamedTuple

from rules.science.fitting import BINARY, POISSON, Family, Prior, most_likely
from rules.science.lessons import LOOKS, Rows
from rules.science.pattern import NUMBERS
from rules.science.visits import VisitPrior, dispersion

#: The prior counts as much as so many members of a club's own, as the fit looks at each.
MEMBERS = 300
#: What is known of nothing: as good as flat.
_FLAT = 1.0
#: A club that teaches counts as so many rows, times its share.
_ROWS_EACH = 20_000
#: And in no direction is nothing known at all.
_LEAST = 1e-3
#: Of counts a matrix has larger numbers: cut shorter, it would not be positive any more.
_DIGITS, _VISIT_DIGITS = 6, 12


class Lesson(NamedTuple):
    """What one club teaches, and how much that counts beside others."""

    rows: Rows
    share: float


def prior_of(horizon: int, clubs: Sequence[Lesson], start: Sequence[float] | None = None) -> Prior:
    """The weights that foretell returns best over all `clubs`, worth `MEMBERS`."""
    came = [hit for club in clubs for hit in club.rows.came]
    return _prior_of(horizon, clubs, came, BINARY, start)


def visit_prior_of(horizon: int, clubs: Sequence[Lesson]) -> VisitPrior:
    """The same for the number of visits, and how those spread around what is foretold."""
    counts = [count for club in clubs for count in club.rows.visits]
    prior = _prior_of(horizon, clubs, counts, POISSON)
    means = [
        POISSON.mean(sum(map(mul, prior.mean, row))) for club in clubs for row in club.rows.numbers
    ]
    return VisitPrior(prior, dispersion(means, counts, _weighs(clubs)))


def _weighs(clubs: Sequence[Lesson]) -> list[float]:
    counts = [_ROWS_EACH * share / sum(rows.weighs) for rows, share in clubs]
    return [
        count * each for (rows, _), count in zip(clubs, counts, strict=True) for each in rows.weighs
    ]


def _prior_of(
    horizon: int,
    clubs: Sequence[Lesson],
    followed: Sequence[float],
    family: Family,
    start: Sequence[float] | None = None,
) -> Prior:
    flat = tuple(tuple(_FLAT if i == j else 0.0 for j in range(NUMBERS)) for i in range(NUMBERS))
    nothing = Prior(horizon, (0.0,) * NUMBERS, flat, family)
    rows = [row for club in clubs for row in club.rows.numbers]
    weighs = _weighs(clubs)
    weights, held = most_likely(nothing, rows, followed, weighs, start)
    worth = MEMBERS * LOOKS / sum(weighs)
    information = tuple(
        tuple(worth * value + (_LEAST if i == j else 0.0) for j, value in enumerate(line))
        for i, line in enumerate(held)
    )
    return Prior(horizon, tuple(weights), information, family)


def ship(
    path: Path,
    learned_from: Sequence[str],
    priors: Mapping[int, Prior],
    visits: Mapping[int, VisitPrior],
) -> None:
    """Write down what `rules.science.learned` reads: of each matrix the lower half."""
    shipped = {
        "learned_from": list(learned_from),
        "horizons": {str(horizon): _written(prior, _DIGITS) for horizon, prior in priors.items()},
        "visits": {
            str(horizon): {"dispersion": each.dispersion, **_written(each.prior, _VISIT_DIGITS)}
            for horizon, each in visits.items()
        },
    }
    path.write_text(json.dumps(shipped, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _written(prior: Prior, digits: int) -> dict[str, Any]:
    return {
        "mean": [_rounded(each, digits) for each in prior.mean],
        "information": [
            [_rounded(each, digits) for each in line[: place + 1]]
            for place, line in enumerate(prior.information)
        ],
    }


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
