"""The grid of recency, frequency and money: how many stand in each cell, and where money is cut."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from .standing import FREQUENCY, MONEY, RECENCY_DAYS, GridPlace, grid_figure

#: Of those who bought nothing in the year, and of the others in three parts.
MoneyPart = Literal["all", "none", "low", "middle", "high"]
MONEY_PARTS: tuple[MoneyPart, ...] = get_args(MoneyPart)
RECENCIES, FREQUENCIES = range(len(RECENCY_DAYS) + 1), range(len(FREQUENCY))
#: From which band of `MONEY` on somebody spent anything.
_SPENT = 1


@dataclass(frozen=True, slots=True)
class GridCell:
    """How many stand in it, and what they spent in the year."""

    people: int
    yen: int


class Grid:
    """All cells of a store, or of all."""

    def __init__(self, kept: Mapping[str, int]) -> None:
        self._kept = kept
        self.cuts = self._cuts()

    def cell(self, recency: int, frequency: int, part: MoneyPart = "all") -> GridCell:
        places = [GridPlace(recency, frequency, band) for band in self._bands(part)]
        people, yen = (
            sum(self._kept.get(grid_figure(what, place), 0) for place in places)
            for what in ("n", "yen")
        )
        return GridCell(people, yen)

    def row(self, recency: int, part: MoneyPart = "all") -> GridCell:
        """All who came last in that time."""
        cells = [self.cell(recency, each, part) for each in FREQUENCIES]
        return GridCell(sum(each.people for each in cells), sum(each.yen for each in cells))

    @property
    def people(self) -> int:
        """How many stand in all of it."""
        return sum(self.row(each).people for each in RECENCIES)

    def spans(self, part: MoneyPart) -> tuple[int, int | None]:
        """From how much on, and up to how much (exclusive), somebody spent who is in that part."""
        bands = self._bands(part)
        last = bands.stop
        return MONEY[bands.start], MONEY[last] if last < len(MONEY) else None

    def _bands(self, part: MoneyPart) -> range:
        low, high = self.cuts or (len(MONEY), len(MONEY))
        match part:
            case "all":
                return range(len(MONEY))
            case "none":
                return range(_SPENT)
            case "low":
                return range(_SPENT, low)
            case "middle":
                return range(low, high)
            case "high":
                return range(high, len(MONEY))

    def _cuts(self) -> tuple[int, int] | None:
        """The bands at which those who bought are cut into three parts, as nearly alike as round
        amounts make them; None where nobody bought."""
        people = [
            sum(
                self._kept.get(grid_figure("n", GridPlace(r, f, band)), 0)
                for r in RECENCIES
                for f in FREQUENCIES
            )
            for band in range(len(MONEY))
        ]
        if not any(people[_SPENT:]):
            return None

        def unlike(cuts: tuple[int, int]) -> int:
            low, high = cuts
            parts = [sum(people[_SPENT:low]), sum(people[low:high]), sum(people[high:])]
            return max(parts) - min(parts)

        return min(combinations(range(_SPENT + 1, len(MONEY)), 2), key=unlike)
