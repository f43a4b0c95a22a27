"""The prior: what other clubs teach, each as much as any other."""

from collections.abc import Sequence

from rules.science.fitting import Prior, most_likely
from rules.science.pattern import NUMBERS

#: What is known of nothing: as good as flat.
_FLAT = 1.0
#: The prior counts as much as so many members of a club's own.
MEMBERS = 300
#: Each club that teaches counts as so many rows.
_ROWS_EACH = 20_000

Lessons = tuple[Sequence[Sequence[float]], Sequence[bool]]


def learned(horizon: int, clubs: Sequence[Lessons], members: int = MEMBERS) -> Prior:
    flat = tuple(tuple(_FLAT if i == j else 0.0 for j in range(NUMBERS)) for i in range(NUMBERS))
    nothing = Prior(horizon, (0.0,) * NUMBERS, flat)
    rows = [row for club, _ in clubs for row in club]
    came = [hit for _, hits in clubs for hit in hits]
    weighs = [_ROWS_EACH / len(club) for club, _ in clubs for _ in club]
    weights, held = most_likely(nothing, rows, came, weighs)
    share = members / (_ROWS_EACH * len(clubs))
    kept = tuple(
        tuple(share * value + (1e-3 if i == j else 0.0) for j, value in enumerate(line))
        for i, line in enumerate(held)
    )
    return Prior(horizon, tuple(weights), kept)
