"""Activities by which a member gets what they, or somebody, had before: on another card, on one of
paper, or with another system."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .happening import Happening


@dataclass(frozen=True, slots=True)
class BroughtAlong(Happening):
    """What the member had elsewhere and brought: on a card of paper, or with another system. Its
    points were not earned here; its visits count for ranks as of the day on which they came."""

    #: Below zero where others of it were too many.
    points: int
    visits: int = 0
    #: The first day on which the points are gone; None: as points given that day.
    expires_on: date | None = None
    #: The stamps of an old card that the points stand for; 0: they stand for none. One such card is
    #: moved for each member.
    stamps: int = 0

    @property
    def text(self) -> str:
        return "stamps" if self.stamps else "brought"

    @property
    def values(self) -> Mapping[str, object]:
        return {"count": self.stamps or self.visits}


@dataclass(frozen=True, slots=True)
class CarriedPoints:
    """Points that came over with another member's history: they keep their day of expiry."""

    points: int
    given_on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Absorbed(Happening):
    """The member took over the history of another one of theirs: that one's facts as they stood
    (JSON, see `merging`), and what was left of their points."""

    facts: str
    lots: tuple[CarriedPoints, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged(Happening):
    """The member's history went over into another one."""

    #: All the points there were.
    points: int
    #: What doors need to take it back (theirs to read), emptied when nobody does.
    before: str = ""
