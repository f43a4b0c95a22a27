"""Whom to ask about a journey at all: conditions that an index answers, so that a club of a million
is never read through. They name everybody who may be due and some who aren't; the journey decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ..activity import Membership
from ..facts import Facts
from ..programme.programme import Programme
from ..science.drift import Foresight
from .member import DAY


@dataclass(frozen=True, slots=True)
class IndexedDay:
    """A day that each member's row keeps, so that an index finds those for whom it lies in a
    span."""

    #: The column's name.
    name: str
    #: What it is by the facts, and by what the club foresees; None: there is no such day.
    of: Callable[[Facts, Foresight], date | None]

    def span(self, first: date, last: date) -> "Span":
        return Span(self, first, last)


@dataclass(frozen=True, slots=True)
class Span:
    """`day` from `first` to `last`, both included."""

    day: IndexedDay
    first: date
    last: date

    def covers(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


#: What several kinds ask, or other parts of the club too. What one kind alone asks stands with it
#: (`Journey.own_day`), and is a column of the members' by that.
AWAY_SINCE = IndexedDay("away_since", lambda facts, _: facts.away_since)
JOINED_ON = IndexedDay("joined_on", lambda facts, _: facts.joined_on)
LAST_VISIT_ON = IndexedDay("last_visit_on", lambda facts, _: facts.last_visit_on)
#: The last day that counts as activity for points that expire by inactivity.
ACTIVE_ON = IndexedDay("active_on", lambda facts, _: facts.active_on)
#: The last activity of any kind.
ACTED_ON = IndexedDay("acted_on", lambda facts, _: facts.last_at.date())
#: The day on which they drift, if they don't come before.
DRIFT_ON = IndexedDay("drift_on", lambda facts, foresight: foresight.drift_on(facts))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Members for whom everything holds that is given. A span, `birth_month` or `ranked` is
    there to lead an index."""

    states: tuple[Membership, ...]
    span: Span | None = None
    visits_min: int = 0
    visits_max: int | None = None
    #: Who holds one of these; all, where none is named.
    ranks: tuple[str, ...] = ()
    #: Who reads one of these; all, where none is named.
    languages: tuple[str, ...] = ()
    balance_min: int = 0
    #: Who holds any rank.
    ranked: bool = False
    birth_month: int | None = None
    #: Who has been away since that day or longer.
    away_by: date | None = None


@dataclass(frozen=True, slots=True)
class ClubOnDay:
    """The club on a business day."""

    programme: Programme
    day: date
    #: For so many days before it nobody was asked for.
    missed_days: int = 0

    def away_for(self, days: int, *, late: int) -> Span:
        """Since when somebody is away who has now been for `days`, or was `late` days ago: days on
        which the shop was specially closed don't count."""
        return self._for(AWAY_SINCE, days, late)

    def drifting_for(self, days: int, *, late: int) -> Span:
        """The same of those who have been drifting for so long."""
        return self._for(DRIFT_ON, days, late)

    def _for(self, begins: IndexedDay, days: int, late: int) -> Span:
        earliest = self.programme.shop.back(self.day, days + late)
        return begins.span(earliest - DAY, self.day - DAY * days)
