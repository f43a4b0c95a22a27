"""Letters by post: in which months, and to whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from ..base import Id, Impossible, Strict

#: For so long after its day a round is still told of; then it is let go.
OPEN = timedelta(days=45)


class LettersPolicy(Strict):
    """The months in which it is time for letters, and whom they are for."""

    months: Annotated[
        tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1, max_length=12)
    ]
    #: From this day of these months on.
    day: Annotated[int, Field(ge=1, le=28)] = 1
    #: Of any rank, where none is named.
    ranks: tuple[Id, ...] = ()
    visits_min: Annotated[int, Field(ge=0, le=10_000)] = 0
    #: Only who came within so many days.
    within_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    #: Only who has stayed away for so many days.
    away_days: Annotated[int, Field(ge=1, le=3_650)] | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if len({*self.months}) < len(self.months):
            raise Impossible("letters_month_twice")
        if self.within_days and self.away_days and self.away_days >= self.within_days:
            raise Impossible("letters_nobody")
        return self

    def round_on(self, day: date) -> "LetterRound | None":
        """The round that is open on that day; None between two."""
        last = max(begins for begins in self._begins(day.year) if begins <= day)
        found = LetterRound(last, min(last + OPEN, self.next_after(last)))
        return found if day < found.until else None

    def next_after(self, day: date) -> date:
        """The day on which the next round after that day begins."""
        return min(begins for begins in self._begins(day.year) if begins > day)

    def _begins(self, year: int) -> list[date]:
        """The days on which rounds begin, of that year and those beside it."""
        years = (year - 1, year, year + 1)
        return [date(each, month, self.day) for each in years for month in self.months]


@dataclass(frozen=True, slots=True)
class LetterRound:
    """A time for letters."""

    begins: date
    #: The first day after it.
    until: date
