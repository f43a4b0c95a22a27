"""A part of the members first, in versions drawn by lot; and what it has shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..journeys.counts import SideCounts
from ..science.difference import SideSums, can_tell, difference
from ..science.interval import always_valid, verdict
from ..science.lot import lot
from .broadcast import Broadcast, queued_as

#: The lift that a trial is planned to find.
_LIFT = 0.08
_ONCE = "once"

Word = Literal["more", "fewer", "unknown", "early"]


@dataclass(frozen=True, slots=True)
class TrialDraw:
    """On which side of a trial a member falls."""

    #: Of those who go first.
    is_first: bool
    #: Of these, of those who get nothing.
    is_held_back: bool
    arm: str


def draw(broadcast: Broadcast, broadcast_id: int, member_id: int) -> TrialDraw:
    """The same for each member on every machine, and nothing to do with any other broadcast. All
    are of the first part where nothing is tried."""

    def drawn(what: str) -> float:
        return lot(f"{what}:{queued_as(broadcast_id)}", str(member_id), _ONCE)

    trial, arms = broadcast.trial, broadcast.arms
    if trial is None:
        return TrialDraw(is_first=True, is_held_back=False, arm=arms[0])
    return TrialDraw(
        drawn("first") * 100 < trial.share_percent,
        drawn("holdout") * 100 < trial.holdout_percent,
        arms[int(drawn("arm") * len(arms))],
    )


@dataclass(frozen=True, slots=True)
class ArmAgainst:
    """One version against another, or (None) against nothing: how many more came of a hundred,
    with the range in which it lies."""

    arm: str
    against: str | None
    word: Word
    about: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial has shown so far."""

    #: For each version, and None for who got nothing: how many windows are over, and who came.
    sides: dict[str | None, SideSums]
    #: How many windows are not over yet.
    still_open: int
    comparisons: tuple[ArmAgainst, ...]
    #: The version that surely brings more than each other, and than nothing where that is known.
    winner: str | None


def result(counted: Iterable[SideCounts], arms: Sequence[str]) -> TrialResult:
    """By the statistics of journeys: what was drawn counts on its side, whatever became of it; a
    range that is valid on every day that somebody looks."""
    # Without a share it was not drawn: it went to the others, after the trial.
    drawn = [side for side in counted if side.share is not None]
    sums = {side.arm: side.sums for side in drawn}
    sides = {arm: sums.get(arm, SideSums()) for arm in (*arms, None)}
    pairs: list[tuple[str, str | None]] = [(arm, None) for arm in arms if None in sums]
    pairs += [(arm, other) for arm in arms for other in arms if arm != other]
    found = tuple(_compared(sides, arm, other) for arm, other in pairs)
    return TrialResult(sides, sum(side.still_open for side in drawn), found, _winner(found, arms))


def _compared(sides: dict[str | None, SideSums], arm: str, against: str | None) -> ArmAgainst:
    mine, other = sides[arm], sides[against]
    estimate = difference(mine, other) if can_tell(mine, other) else None
    if estimate is None:
        return ArmAgainst(arm, against, "early")
    interval = always_valid(estimate, _LIFT)
    low, high = interval.low * 100, interval.high * 100
    return ArmAgainst(arm, against, verdict(interval), estimate.points * 100, low, high)


def _winner(found: Sequence[ArmAgainst], arms: Sequence[str]) -> str | None:
    for arm in arms:
        mine = [each for each in found if each.arm == arm]
        if mine and all(each.word == "more" for each in mine):
            return arm
    return None
