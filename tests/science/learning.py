"""The prior: what other clubs teach."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rules.science.fitting import Prior, most_likely
from rules.science.lessons import LOOKS, Rows
from rules.science.pattern import NUMBERS

#: The prior counts as much as so many members of a club's own, as the fit looks at each.
MEMBERS = 300
#: What is known of nothing: as good as flat.
_FLAT = 1.0
#: A club that teaches counts as so many rows, times its share.
_ROWS_EACH = 20_000
#: And in no direction is nothing known at all.
_LEAST = 1e-3


class Lesson(NamedTuple):
    """What one club teaches, and how much that counts beside others."""

    rows: Rows
    share: float


def prior_of(horizon: int, clubs: Sequence[Lesson], start: Sequence[float] | None = None) -> Prior:
    """The weights that foretell best over all `clubs`, worth `MEMBERS`."""
    flat = tuple(tuple(_FLAT if i == j else 0.0 for j in range(NUMBERS)) for i in range(NUMBERS))
    nothing = Prior(horizon, (0.0,) * NUMBERS, flat)
    rows = [row for club in clubs for row in club.rows.numbers]
    came = [hit for club in clubs for hit in club.rows.came]
    counts = [_ROWS_EACH * share / sum(rows.weighs) for rows, share in clubs]
    weighs = [
        count * each for (rows, _), count in zip(clubs, counts, strict=True) for each in rows.weighs
    ]
    weights, held = most_likely(nothing, rows, came, weighs, start)
    worth = MEMBERS * LOOKS / sum(weighs)
    information = tuple(
        tuple(worth * value + (_LEAST if i == j else 0.0) for j, value in enumerate(line))
        for i, line in enumerate(held)
    )
    return Prior(horizon, tuple(weights), information)


def ship(path: Path, learned_from: Sequence[str], priors: Mapping[int, Prior]) -> None:
    """Write down what `rules.science.learned` reads: of each matrix the lower half."""
    horizons = {
        str(horizon): {
            "mean": [_rounded(each) for each in prior.mean],
            "information": [
                [_rounded(each) for each in line[: place + 1]]
                for place, line in enumerate(prior.information)
            ],
        }
        for horizon, prior in priors.items()
    }
    shipped = {"learned_from": list(learned_from), "horizons": horizons}
    path.write_text(json.dumps(shipped, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
