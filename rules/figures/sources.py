"""What those brought who came by a source: a poster, a flyer, a sign at the till.

A source is told of whom it brought in the days asked for: how many joined, and what these did in
their first sixty days, so that sources of long ago and of lately can be compared. All of it is kept
as sums by the day of joining, like all figures (`rules.figures.sums`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from ..activity import Source
from .life import Happened, Life
from .periods import DaySpan
from .sums import SECOND_DAYS

SourceKind = Literal["poster", "flyer", "web", "till", "advert"]
KINDS: tuple[SourceKind, ...] = get_args(SourceKind)
#: What is kept for each source and day of joining.
SourceFigure = Literal[
    "joined", "first", "second", "stays", "visits", "yen", "visits_all", "yen_all"
]
FIGURES: tuple[SourceFigure, ...] = get_args(SourceFigure)
#: So many days after joining are looked at.
EARLY_DAYS = SECOND_DAYS
#: Who came without a source, by how they joined: below nought, so that no source is mixed up.
_WAYS: tuple[Source, ...] = get_args(Source)
UNNAMED: dict[int, Source] = {-1 - n: way for n, way in enumerate(_WAYS)}


class SourceKey(NamedTuple):
    """A source's figure of those who joined on a day."""

    source_id: int
    figure: SourceFigure
    day: int


def unnamed(way: Source) -> int:
    """What stands for a source where there was none."""
    return -1 - _WAYS.index(way)


def source_sums(life: Life) -> Counter[SourceKey]:
    """What a person adds to their source."""
    came = next((each for each in life if each.kind == "source"), None)
    if came is None:
        return Counter()
    visits = [each for each in life if each.kind == "visit"]
    days = sorted({each.day for each in visits})
    yen = [each for each in life if each.kind == "yen"]
    found: dict[SourceFigure, int] = {
        "joined": 1,
        "first": int(any(_is_early(came, day) for day in days)),
        "second": int(len(days) > 1 and (days[1] - days[0]).days <= SECOND_DAYS),
        "stays": int(_stays(life, came, days)),
        "visits": sum(each.amount for each in visits if _is_early(came, each.day)),
        "yen": sum(each.amount for each in yen if _is_early(came, each.day)),
        "visits_all": sum(each.amount for each in visits),
        "yen_all": sum(each.amount for each in yen),
    }
    source_id, day = came.amount, came.day.toordinal()
    return Counter(
        {SourceKey(source_id, figure, day): value for figure, value in found.items() if value}
    )


def _is_early(came: Happened, day: date) -> bool:
    return (day - came.day).days <= EARLY_DAYS


def _stays(life: Life, came: Happened, days: Iterable[date]) -> bool:
    """Whether they are members still, and came after their first sixty days."""
    state = [each.kind for each in life if each.kind in ("left", "back", "erased")]
    is_gone = "erased" in state or (bool(state) and state[-1] == "left")
    return not is_gone and any(not _is_early(came, day) for day in days)


@dataclass(frozen=True, slots=True)
class SourceCost:
    """What was paid for a source, for the days from `first` to `last`."""

    id: int
    source_id: int
    first: date
    last: date
    yen: int
    revision: int = 1

    def within(self, span: DaySpan) -> Fraction:
        """The part of it that falls into the span, each of its days the same."""
        first, last = max(self.first, span.first), min(self.last, span.last)
        days = max(0, (last - first).days + 1)
        return Fraction(self.yen * days, (self.last - self.first).days + 1)


def cost_within(costs: Iterable[SourceCost], span: DaySpan) -> int | None:
    """What was paid in those days, in whole yen; None where nothing was typed in that touches
    them."""
    parts = [each.within(span) for each in costs if _touches(each, span)]
    return round(sum(parts)) if parts else None


def _touches(cost: SourceCost, span: DaySpan) -> bool:
    return cost.first <= span.last and cost.last >= span.first


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What a source brought of whom joined in some days, and what it cost in them."""

    joined: int = 0
    first: int = 0
    second: int = 0
    stays: int = 0
    visits: int = 0
    yen: int = 0
    visits_all: int = 0
    yen_all: int = 0
    #: None where no cost was typed in: unknown, which is not nothing.
    cost: int | None = None
    #: So many of `joined` have their first sixty days before them still.
    young: int = 0

    @property
    def per_member(self) -> float | None:
        return self._over(self.joined)

    @property
    def per_visit(self) -> float | None:
        return self._over(self.visits)

    @property
    def sales_per_yen(self) -> float | None:
        """Yen that they spent for each yen of advertising; None where nothing is known or paid."""
        return self.yen / self.cost if self.cost else None

    @property
    def second_share(self) -> float | None:
        return self.second / self.joined if self.joined else None

    def _over(self, count: int) -> float | None:
        return self.cost / count if self.cost is not None and count else None

    def __add__(self, other: "SourceResult") -> "SourceResult":
        sums = {name: getattr(self, name) + getattr(other, name) for name in (*FIGURES, "young")}
        costs = [each.cost for each in (self, other) if each.cost is not None]
        return SourceResult(**sums, cost=sum(costs) if costs else None)


def result(
    figures: Mapping[str, int], costs: Iterable[SourceCost], span: DaySpan, young: int
) -> SourceResult:
    """Of the sums of those who joined in the span."""
    sums = {name: figures.get(name, 0) for name in FIGURES}
    return SourceResult(**sums, cost=cost_within(costs, span), young=young)


def young_since(today: date) -> date:
    """Who joined on that day or later has not had sixty days yet."""
    return today - timedelta(days=EARLY_DAYS - 1)
