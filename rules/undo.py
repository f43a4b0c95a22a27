"""Undoing: who may, and what a history comes to without what is undone.

What stood on the undone activity (points spent since, a reward for a rank that is gone) refuses it.
A manager's force puts points in its place, as few as make everything else stand.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .activity import (
    Activity,
    Adjustment,
    Expiry,
    Occasion,
    Registration,
    What,
)
from .base import POINTS_MAX, Refusal
from .replay import Correction, Recorded, Replay, corrections, replay
from .timeline import Timeline

#: Refusals that a few points more would lift.
_OF_POINTS = ("reward_points", "points_short")


def may_undo(*, manages: bool, own: bool, today: bool, reason: str, force: bool) -> Refusal | None:
    """Why this person may not undo something; None when they may.

    `own`: their device recorded it; `today`: on this business day. Staff undo their device's slips
    of the day; managers anything, with a reason where it is older or forced.
    """
    if not manages and (force or not (own and today)):
        return Refusal("undo_managers")
    if not reason and (force or not today):
        return Refusal("undo_reason")
    return None


def refuse_kinds(whats: Iterable[What]) -> Refusal | None:
    """Why things of these kinds are never undone by themselves; None when they are."""
    for what in whats:
        match what:
            case Registration() | Expiry():
                return Refusal("undo_never")
            case Occasion(trigger="referral"):
                return Refusal("undo_friend")
    return None


@dataclass(frozen=True, slots=True)
class Without:
    """What a history comes to without some of its activities: `history` is what stands, `judged`
    what that gives.

    `shortfall` is how many points were spent since, or ran out; `stopgap` the activity that gives
    them in their place (in `history` already), None when there are none. `needed` is the number of
    the first activity that can't stand without what is undone, whatever the points.
    """

    history: tuple[Recorded, ...]
    judged: Replay
    shortfall: int = 0
    stopgap: Recorded | None = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says of a member's activities, by activity and rule: points `granted`, and
    those of them that ran out (`expired`)."""

    granted: Mapping[tuple[int, str], int]
    expired: Mapping[tuple[int, str], int]


def without(
    timeline: Timeline,
    history: Collection[Recorded],
    gone: Collection[int],
    until: date,
    *,
    ledger: Ledger,
    seq: int,
) -> Without:
    """`history` judged up to business day `until` without the activities numbered in `gone`, of
    which there is at least one. `seq` is the number that a stopgap would get."""
    stands = tuple(recorded for recorded in history if recorded.seq not in gone)
    first = min(recorded.activity.at for recorded in history if recorded.seq in gone)
    undone = next(r.activity for r in history if r.activity.at == first and r.seq in gone)

    def with_points(points: int) -> tuple[Recorded, ...]:
        return (*stands, _stopgap(timeline, undone, points, seq)) if points else stands

    def enough(points: int) -> bool:
        judged = replay(timeline, with_points(points), until)
        return not any(refusal.code in _OF_POINTS for _, refusal in judged.refused)

    plain = replay(timeline, stands, until)
    least = _ran_out(corrections(ledger.granted, plain), ledger.expired)
    shortfall = _smallest(enough, least)
    whole = with_points(shortfall)
    judged = replay(timeline, whole, until) if shortfall else plain
    needed = judged.refused[0][0] if judged.refused else None
    return Without(whole, judged, shortfall, whole[-1] if shortfall else None, needed)


def _stopgap(timeline: Timeline, undone: Activity, points: int, seq: int) -> Recorded:
    # A moment earlier, as what came next may have come at the very same.
    at = undone.at - undone.at.resolution
    day = timeline.at(at).programme.shop.business_date(at)
    return Recorded(seq, Activity(Adjustment(points), at, day, by="staff", store=undone.store))


def _ran_out(off: Iterable[Correction], expired: Mapping[tuple[int, str], int]) -> int:
    """How many of the points to be taken back have run out already. An expiry is history and
    stays: nobody shall pay for it with other points."""
    return sum(min(-c.points, expired.get((c.seq, c.rule), 0)) for c in off if c.points < 0)


def _smallest(enough: Callable[[int], bool], least: int) -> int:
    """The smallest number from `least` on that is enough, if more is never less enough."""
    if enough(least):
        return least
    step = 1
    while step < POINTS_MAX and not enough(least + step):
        step *= 2
    numbers = range(least + step // 2 + 1, least + step)
    return numbers.start + bisect_left(numbers, True, key=enough)
