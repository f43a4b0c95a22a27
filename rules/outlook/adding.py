"""All that one person adds to what is kept for figures, on the day on which it is counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from ..figures.cohorts import beginnings, cohort_sums, months_came
from ..figures.items import is_erased, item_sums, items, tenure_sums
from ..figures.life import Life
from ..figures.standing import PersonStanding, next_move, standing_sums, standings
from ..figures.sums import ALL, Key, Mark, marks, sums
from .ways import beginning_of, next_way, way_marks, way_sums


@dataclass(frozen=True, slots=True)
class Added:
    """What somebody adds."""

    sums: Counter[Key]
    #: By figure and store: whom it counted.
    marks: dict[tuple[str, str], Mark]
    standings: tuple[PersonStanding, ...]
    #: When it changes by itself; None for never.
    moves_on: date | None


def sums_on(life: Life, today: date) -> Counter[Key]:
    """What a life adds to the sums on that day."""
    found = sums(life)
    for more in (
        cohort_sums(life), item_sums(life), tenure_sums(life), standing_sums(life, today),
        way_sums(life, today),
    ):  # fmt: skip
        found.update(more)
    return Counter({key: value for key, value in found.items() if value})


def added(life: Life, today: date) -> Added:
    """All of it."""
    moves = [day for day in (next_move(life, today), next_way(life, today)) if day is not None]
    return Added(
        sums_on(life, today), _marks(life, today), standings(life, today), min(moves, default=None)
    )


def _marks(life: Life, today: date) -> dict[tuple[str, str], Mark]:
    if is_erased(life):
        return {}
    found = marks(life)
    for figure, each in items(life):
        for store in {ALL, each.store}:
            found[figure, store] = Mark(each.day, each.rank)
    began = beginnings(life)
    for by, each in began.items():
        for store in {ALL, each.store}:
            found[by, store] = found[by, store]._replace(months=months_came(life, each))
    joined = began.get("joined")
    if joined is not None and beginning_of(life) is not None:
        for figure in way_marks(life, today):
            for store in {ALL, joined.store}:
                found[figure, store] = Mark(joined.day, joined.rank)
    return found
