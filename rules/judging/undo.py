"""Undoing: who may, and what a history comes to without what is undone.

What stood on the undone activity (points spent since, a reward for a rank that is gone) refuses it.
A manager's force puts points in its place, as few as make everything else stand.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..activity import Activity, Adjustment, Expiry, Referral, Registration, What
from ..base import POINTS_MAX, Refusal
from ..facts import Facts
from ..programme.timeline import Timeline
from .decide import Decision
from .replay import (
    Correction,
    RecordedActivity,
    Replay,
    as_it_counts,
    corrections,
    go_on,
    granted,
    in_order,
    start,
)
from .taken_back import lent

#: How long a reason may be that somebody gives for undoing or adjusting.
REASON_LENGTH_MAX = 200
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
            case Referral():
                return Refusal("undo_friend")
    return None


@dataclass(frozen=True, slots=True)
class RemainingHistory:
    """What a history comes to without some of its activities."""

    #: What stands.
    history: tuple[RecordedActivity, ...]
    #: What that gives.
    judged: Replay
    #: How many points were spent since, or ran out.
    shortfall: int = 0
    #: The activity that gives them in their place (in `history` already); None when there are none.
    stopgap: RecordedActivity | None = None
    #: The number of the first activity that can't stand without what is undone, whatever the
    #: points; None: all can.
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says of a member's activities, by activity and rule: points `granted`, and
    those of them that ran out (`expired`)."""

    granted: Mapping[tuple[int, str], int]
    expired: Mapping[tuple[int, str], int]


def without(
    timeline: Timeline,
    history: Collection[RecordedActivity],
    gone: Collection[int],
    known: Facts,
    *,
    ledger: Ledger,
    seq: int,
) -> RemainingHistory:
    """`history` judged as far as `known` of the member is, without the activities numbered in
    `gone`, of which there is at least one. `seq` is the number that a stopgap would get."""
    stands = tuple(recorded for recorded in history if recorded.seq not in gone)
    undone = in_order(recorded for recorded in history if recorded.seq in gone)[0].activity
    trial = _Trial(timeline, stands, undone, known, seq=seq, lent_before=lent(ledger.granted))
    plain = trial.judged(0)
    lost = [c for c in corrections(ledger.granted, plain) if c.points < 0]
    shortfall = trial.smallest(ran_out(lost, ledger.expired), -sum(c.points for c in lost))
    judged = trial.judged(shortfall) if shortfall else plain
    needed = judged.refused[0][0] if judged.refused else None
    stopgap = trial.stopgap(shortfall) if shortfall else None
    return RemainingHistory(
        (*stands, stopgap) if stopgap else stands, judged, shortfall, stopgap, needed
    )


class _Trial:
    """A history with more or fewer points in the place of what is undone. What came before is
    judged once: most is undone soon after it was done."""

    def __init__(
        self,
        timeline: Timeline,
        stands: Iterable[RecordedActivity],
        undone: Activity,
        known: Facts,
        *,
        seq: int,
        lent_before: int,
    ) -> None:
        self._timeline, self._facts, self._seq = timeline, known, seq
        self._lent_before = lent_before
        # A moment earlier, as what came next may have come at the very same.
        self._at, self._store = undone.at - undone.at.resolution, undone.store
        ordered = as_it_counts(stands)
        first = [r for r in ordered[1:] if r.activity.at <= self._at]
        self._then = ordered[1 + len(first) :]
        joined = Replay(start(ordered[0].activity), (), ())
        self._known: dict[int, Replay] = {}
        self._before = go_on(timeline, joined, [ordered[0], *first], None)

    def stopgap(self, points: int) -> RecordedActivity:
        day = self._timeline.at(self._at).programme.shop.business_date(self._at)
        given = Activity(Adjustment(points), self._at, day, by="staff", store=self._store)
        return RecordedActivity(self._seq, given)

    def judged(self, points: int) -> Replay:
        if points not in self._known:
            then = [self.stopgap(points), *self._then] if points else self._then
            until, placed = self._facts.settled, self._facts.last_at
            judged = go_on(self._timeline, self._before, then, until, placed=placed)
            self._known[points] = judged
        return self._known[points]

    def enough(self, points: int) -> bool:
        judged = self.judged(points)
        short = any(refusal.code in _OF_POINTS for _, refusal in judged.refused)
        # What stands although its points were taken back shall not hide what is short by this.
        return not short and lent(granted(judged)) <= self._lent_before

    def smallest(self, least: int, most: int) -> int:
        """The fewest points from `least` on that are enough, if more are never less enough. `most`
        are likely to be."""
        if self.enough(least):
            return least
        guess = most - self._left_over(most)
        if guess > least and self.enough(guess) and not self.enough(guess - 1):
            return guess
        step = 1
        while step < max(most, POINTS_MAX) and not self.enough(least + step):
            step *= 2
        numbers = range(least + step // 2 + 1, least + step)
        return numbers.start + bisect_left(numbers, True, key=self.enough)

    def _left_over(self, points: int) -> int:
        """How many of `points` were still there when there were fewest."""
        later = self.judged(points).steps[len(self._before.steps) :]
        balances = [s.outcome.facts.balance for s in later if isinstance(s.outcome, Decision)]
        return min(balances, default=0)


def ran_out(lost: Iterable[Correction], expired: Mapping[tuple[int, str], int]) -> int:
    """How many of the points to be taken back have run out already. An expiry is history and
    stays: nobody shall pay for it with other points."""
    return sum(min(-c.points, expired.get((c.seq, c.rule), 0)) for c in lost)
