"""What was counted of a journey's test: the sides there are, and since when they count."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from ..programme.timeline import Timeline
from ..science.difference import SideSums, Stratum
from .journey import Journey
from .programme import journey_named
from .samples import KNOWN_FROM_DAYS, ClubSize
from .words import arms_of

_NONE = SideSums()
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class SideCounts:
    """One side of a test, of all that was drawn with the same share held back."""

    #: None for those held back.
    arm: str | None
    #: With which probability each episode was held back; None for what was drawn once per member.
    share: float | None
    #: Over the episodes whose windows are over.
    sums: SideSums = _NONE
    #: Those whose windows are not over yet.
    still_open: int = 0
    #: Of the complete, so many left (退会) in their windows.
    left: int = 0
    #: So many messages were sent in the complete windows.
    sent: int = 0
    #: Who was erased since, or joined to another card: counted nowhere else.
    gone: int = 0

    def __add__(self, other: "SideCounts") -> "SideCounts":
        """Both together, on this one's side."""
        return replace(
            self,
            sums=self.sums + other.sums,
            still_open=self.still_open + other.still_open,
            left=self.left + other.left,
            sent=self.sent + other.sent,
            gone=self.gone + other.gone,
        )

    @property
    def drawn(self) -> int:
        """How many windows there are, complete or not."""
        return self.sums.episodes + self.still_open


class SidePair(NamedTuple):
    """Two sides of what was drawn alike."""

    mine: SideCounts
    other: SideCounts

    @property
    def stratum(self) -> Stratum:
        return Stratum(self.mine.sums, self.other.sums)


IsSide = Callable[[str | None], bool]


def pairs_of(sides: Sequence[SideCounts], mine: IsSide, other: IsSide) -> list[SidePair]:
    """Both sides for each share held back, in as far as it drew somebody for both."""
    found = []
    for share in dict.fromkeys(side.share for side in sides):
        drawn = [side for side in sides if side.share == share]
        pair = SidePair(_together(drawn, mine), _together(drawn, other))
        if pair.mine.drawn and pair.other.drawn:
            found.append(pair)
    return found


def summed(pairs: Iterable[SidePair]) -> SidePair:
    """Both sides over all of them."""
    mine, other = SideCounts(None, None), SideCounts(None, None)
    for each in pairs:
        mine, other = mine + each.mine, other + each.other
    return SidePair(mine, other)


def _together(drawn: Iterable[SideCounts], is_side: IsSide) -> SideCounts:
    total = SideCounts(None, None)
    for side in drawn:
        if is_side(side.arm):
            total = total + side
    return total


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """How far back the version of a test reaches that is in force now."""

    #: Since when it has been in force; None: for ever.
    since: datetime | None
    #: Whether arms and weights stayed the same under it.
    steady: bool


def version_span(timeline: Timeline, journey: Journey, *, now: datetime) -> VersionSpan:
    """How far back the rows of `journey`'s present version reach. A programme that left it out for
    a while drew nobody and ends nothing."""
    since, draws = now, {_draws(journey)}
    for each in reversed([v for v in timeline.versions if v.since <= now]):
        known = journey_named(each.programme, journey.id)
        if known is not None and (known.kind, known.version) != (journey.kind, journey.version):
            return VersionSpan(since, len(draws) == 1)
        since = each.since
        if known is not None:
            draws.add(_draws(known))
    # What is older than the first programme was judged by it.
    return VersionSpan(None, len(draws) == 1)


def _draws(journey: Journey) -> tuple[tuple[str, int], ...]:
    """What decides which arm somebody gets. Another share held back mixes nothing: what was drawn
    with each is compared within itself."""
    return tuple((arm.id, arm.weight) for arm in arms_of(journey))


@dataclass(frozen=True, slots=True)
class CountedJourney:
    """All that was counted of one journey's present version."""

    journey: Journey
    #: The share that is held back now.
    share: float
    sides: tuple[SideCounts, ...]
    #: When its first episode began; None while it was due to nobody.
    first_at: datetime | None
    #: So many days it has been counted for.
    days: float
    steady: bool = True
    #: So many members the club has.
    members: int = 0

    @property
    def arms(self) -> list[str]:
        """The programme's arms, then those that it has dropped."""
        found = sorted({side.arm for side in self.sides if side.arm is not None})
        return list(dict.fromkeys([*(arm.id for arm in arms_of(self.journey)), *found]))

    @property
    def gone(self) -> int:
        return sum(side.gone for side in self.sides)

    def a_year(self) -> float:
        """How many episodes a year brings, on all sides together. What is missing of the days from
        which on the club's own number is believed, has our guess of the kind: the first day writes
        to all who had been waiting for it."""
        unknown = max(0.0, KNOWN_FROM_DAYS - self.days)
        guess = self.journey.guess
        guessed = ClubSize(self.members).a_year(self.journey, guess) if guess else 0.0
        drawn = sum(side.drawn for side in self.sides) * _DAYS_A_YEAR
        return (drawn + guessed * unknown) / (self.days + unknown)

    def against_silence(self) -> list[SidePair]:
        """All arms together, against those held back."""
        return pairs_of(self.sides, lambda arm: arm is not None, lambda arm: arm is None)

    def against(self, arm: str, other: str | None) -> list[SidePair]:
        """One arm against another, or against those held back."""
        return pairs_of(self.sides, lambda side: side == arm, lambda side: side == other)
