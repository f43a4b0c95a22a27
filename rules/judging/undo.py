"""Undoing: who may, and what a history comes to without what is undone.

What stood on the undone activity (points spent since, a reward for a rank that is gone) refuses it.
A manager's force puts points in its place, as few as make everything else stand.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..activity import (
    Activity,
    Adjustment,
    Expiry,
    Merged,
    Redemption,
    Referral,
    Registration,
    TakenBack,
    What,
)
from ..base import POINTS_MAX, Refusal
from ..facts import Facts, changed
from ..programme.timeline import Timeline
from .decide import Decision, advance, apply
from .replay import (
    OF_POINTS,
    Correction,
    RecordedActivity,
    Replay,
    ReplayStep,
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


def may_undo(
    *, here: bool, manages: bool, own: bool, today: bool, reason: str, force: bool
) -> Refusal | None:
    """Why this person may not undo something; None when they may.

    `here`: it belongs to a store of theirs, or to none; `own`: their device recorded it; `today`:
    on this business day. Staff undo their device's slips of the day; managers anything of their
    store, with a reason where it is older or forced.
    """
    if not here:
        return Refusal("undo_elsewhere")
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
    lost = [c for c in corrections(ledger.granted, trial.standing) if c.points < 0]
    shortfall = trial.smallest(ran_out(lost, ledger.expired), -sum(c.points for c in lost))
    judged = trial.judged(shortfall)
    needed = judged.refused[0][0] if judged.refused else None
    stopgap = trial.stopgap(shortfall) if shortfall else None
    return RemainingHistory(
        (*stands, stopgap) if stopgap else stands, judged, shortfall, stopgap, needed
    )


class _Trial:
    """A history with more or fewer points in the place of what is undone.

    It is judged once, whatever the points: nothing but what takes points looks at how many there
    are, so that with more of them every balance is so much higher, and all else the same. Only what
    was taken back, or carried to another card, is so much as there is or is not: there each number
    of points is judged.
    """

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
        whats = (r.activity.what for r in self._then)
        self._is_plain = not any(isinstance(what, TakenBack | Merged) for what in whats)

    def stopgap(self, points: int) -> RecordedActivity:
        day = self._timeline.at(self._at).programme.shop.business_date(self._at)
        given = Activity(Adjustment(points), self._at, day, by="staff", store=self._store)
        return RecordedActivity(self._seq, given)

    @cached_property
    def standing(self) -> Replay:
        """All the rest, whatever the points where that makes no difference."""
        return self._go_on(self._then, whatever_points=self._is_plain)

    def judged(self, points: int) -> Replay:
        if points not in self._known:
            self._known[points] = self._raised(points) or self._judge(points)
        return self._known[points]

    def _judge(self, points: int) -> Replay:
        return self._go_on([self.stopgap(points), *self._then] if points else self._then)

    def _go_on(self, then: Sequence[RecordedActivity], *, whatever_points: bool = False) -> Replay:
        return go_on(
            self._timeline,
            self._before,
            then,
            self._facts.settled,
            placed=self._facts.last_at,
            whatever_points=whatever_points,
        )

    def _raised(self, points: int) -> Replay | None:
        """`standing` with so many points more; None where that is not all that is different."""
        if points < self._least or not (self._is_plain and self._then):
            return None
        if not points:
            return self.standing
        before, given = self._before.facts, self.stopgap(points)
        without, _ = advance(self._timeline, before, given.activity.day)
        outcome = apply(self._timeline, before, given.activity)
        if not isinstance(outcome, Decision) or outcome.rank_changes:
            return None
        if _without_what_is_over(outcome.facts, without) != without:
            return None
        later = self.standing.steps[len(self._before.steps) :]
        return replace(
            self.standing,
            facts=_richer(self.standing.facts, points),
            steps=(
                *self._before.steps,
                ReplayStep(given, outcome),
                *(_richer_step(step, points) for step in later),
            ),
        )

    @cached_property
    def _least(self) -> int:
        """The fewest points with which `standing` takes none that are not there."""
        return max(0, -self._lowest(self.standing))

    def enough(self, points: int) -> bool:
        judged = self.judged(points)
        short = any(refusal.code in OF_POINTS for _, refusal in judged.refused)
        # What stands although its points were taken back shall not hide what is short by this.
        return not short and lent(granted(judged)) <= self._lent_before

    def smallest(self, least: int, most: int) -> int:
        """The fewest points from `least` on that are enough, if more are never less enough. `most`
        are likely to be."""
        if self._is_plain:
            return max(least, self._least)
        if self.enough(least):
            return least
        guess = most - self._lowest(self.judged(most))
        if guess > least and self.enough(guess) and not self.enough(guess - 1):
            return guess
        step = 1
        while step < max(most, POINTS_MAX) and not self.enough(least + step):
            step *= 2
        numbers = range(least + step // 2 + 1, least + step)
        return numbers.start + bisect_left(numbers, True, key=self.enough)

    def _lowest(self, judged: Replay) -> int:
        """How many points were left when they were taken from the fewest."""
        later = judged.steps[len(self._before.steps) :]
        return min((left for step in later if (left := self._left_by(step)) is not None), default=0)

    def _left_by(self, step: ReplayStep) -> int | None:
        """How many points were left by what takes some, without what it brought itself, which was
        not there yet; None where it takes none."""
        if isinstance(step.outcome, Refusal) or step.outcome.spent is None:
            return None
        what, at = step.recorded.activity.what, step.recorded.activity.at
        taken = asked = step.outcome.spent.points
        if isinstance(what, Redemption) and what.voucher is None:
            reward = self._timeline.at(at).programme.reward(what.reward)
            asked = max(taken, reward.cost or 0) if reward else taken
        return step.outcome.facts.balance - step.outcome.points + taken - asked


def _richer(facts: Facts, points: int) -> Facts:
    return changed(facts, balance=facts.balance + points)


def _richer_step(step: ReplayStep, points: int) -> ReplayStep:
    if isinstance(step.outcome, Refusal):
        return step
    return replace(step, outcome=replace(step.outcome, facts=_richer(step.outcome.facts, points)))


def _without_what_is_over(facts: Facts, before: Facts) -> Facts:
    """`facts` with what points by hand change of those `before`, and what any activity lets go of
    that is over, as they were: the next one would let go of it, too."""
    return changed(
        facts,
        balance=before.balance,
        last_at=before.last_at,
        days=before.days,
        vouchers=before.vouchers,
        offers=before.offers,
    )


def ran_out(lost: Iterable[Correction], expired: Mapping[tuple[int, str], int]) -> int:
    """How many of the points to be taken back have run out already. An expiry is history and
    stays: nobody shall pay for it with other points."""
    return sum(min(-c.points, expired.get((c.seq, c.rule), 0)) for c in lost)
