"""A week as it is told: what the club, or one store, looks like on a day, and what comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..figures.definitions import Definition, all_figures
from ..figures.periods import DaySpan, Period
from ..figures.values import Sums
from ..journeys.results import PlainCounts
from .ahead import Upcoming
from .matters import Stakes
from .ordinary import UnusualDay

#: The figures that are told, each beside the four weeks before.
TOLD = ("visits", "per_member", "second_share", "left")


def told_figures() -> tuple[Definition, ...]:
    known = {each.id: each for each in all_figures()}
    return tuple(known[name] for name in TOLD)


def kept_for_told() -> frozenset[str]:
    """What of the sums they are made of."""
    terms = (term for each in told_figures() for term in (each.top, each.below))
    return frozenset(term.kept for term in terms if term is not None)


@dataclass(frozen=True, slots=True)
class SentLately:
    """What went out in the seven days before, of one journey or broadcast."""

    #: As the outbox calls it.
    journey: str
    messages: int
    #: How many more visitors a hundred of them bring, between which figures; None while too few are
    #: known, or nobody is held back.
    low: float | None = None
    high: float | None = None
    #: As long as nothing sure is known: how many came, written to and held back.
    plain: PlainCounts | None = None
    #: Whether that is measured at all.
    is_measured: bool = True


@dataclass(frozen=True, slots=True)
class Week:
    """All that is told of it."""

    #: The business day on which it is told.
    day: date
    #: Of one store; None: of the whole club.
    store: str | None
    #: Whether anybody is a member yet.
    has_members: bool
    stakes: Stakes
    #: The four weeks up to the day before.
    period: Period
    #: By store ("" for all together), those that may be told of.
    sums: Mapping[str, Sums]
    #: Days of the last seven, each at a store or at all of them together.
    unusual: tuple[tuple[str, UnusualDay], ...]
    sent: tuple[SentLately, ...]
    #: What comes, the soonest first.
    ahead: tuple[Upcoming, ...]

    @property
    def last(self) -> DaySpan:
        """The seven days before."""
        last = self.period.whole.last
        return DaySpan(self.period.steps[-7].first, last)
