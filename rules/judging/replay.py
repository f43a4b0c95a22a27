"""Replaying a member's history: the same facts, points, ranks and badges, from nothing else.

It judges what arrives late, shows what an undo would leave, and audits what is stored.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from ..activity import Activity, Invited, Registration
from ..base import Refusal
from ..facts import Facts, newcomer
from ..programme.ranks import RankChange
from ..programme.timeline import Timeline
from .decide import Decision, advance, apply
from .placing import place
from .recorded import RecordedActivity
from .taken_back import left_over

__all__ = [
    "OF_POINTS", "Correction", "RecordedActivity", "Replay", "ReplayStep", "as_it_counts",
    "corrections", "go_on", "granted", "in_order", "replay", "replay_like", "spends", "start",
]  # fmt: skip

#: Refusals that a few points more would lift.
OF_POINTS = ("reward_points", "points_short")


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """What one activity came to in the replay."""

    recorded: RecordedActivity
    outcome: Decision | Refusal

    @property
    def seq(self) -> int:
        return self.recorded.seq


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole history judged again: the facts at its end, and what each step gave."""

    facts: Facts
    steps: tuple[ReplayStep, ...]
    rank_changes: tuple[RankChange, ...]

    @property
    def refused(self) -> tuple[tuple[int, Refusal], ...]:
        """The steps that would not have been taken, by number."""
        return tuple((s.seq, s.outcome) for s in self.steps if isinstance(s.outcome, Refusal))

    def decision(self, seq: int) -> Decision | Refusal:
        return next(step.outcome for step in self.steps if step.seq == seq)

    def shared_with(self, ordered: Sequence[RecordedActivity]) -> "Replay":
        """As far as a history begins with what was judged here: what it came to there."""
        pairs = zip(self.steps, ordered, strict=False)
        alike = takewhile(lambda pair: pair[0].recorded == pair[1], pairs)
        steps = tuple(step for step, _ in alike)
        taken = [step.outcome for step in steps if isinstance(step.outcome, Decision)]
        facts = taken[-1].facts if taken else start(ordered[0].activity)
        return Replay(facts, steps, tuple(change for each in taken for change in each.rank_changes))


@dataclass(frozen=True, slots=True)
class Correction:
    """So many points more (or less) that `rule` should have given for activity `seq`."""

    seq: int
    rule: str
    points: int


def start(registration: Activity) -> Facts:
    """The facts just before `registration` is applied."""
    if not isinstance(registration.what, Registration):
        raise ValueError("a history begins with a registration")
    return newcomer(registration.day, registration.at, registration.what.source)


def replay(
    timeline: Timeline,
    history: Iterable[RecordedActivity],
    until: date,
    *,
    placed: datetime | None = None,
    before: Replay | None = None,
) -> Replay:
    """Judges `history` (any order; sorted here by when it happened) up to business day `until`, and
    on the ladder of the programme `placed` at that moment, if it is a later one. What it shares at
    its beginning with what was judged `before` isn't judged again."""
    ordered = as_it_counts(history)
    so_far = before or Replay(start(ordered[0].activity), (), ())
    so_far = so_far.shared_with(ordered)
    return go_on(timeline, so_far, ordered[len(so_far.steps) :], until, placed=placed)


def replay_like(
    timeline: Timeline,
    history: Iterable[RecordedActivity],
    known: Facts,
    *,
    before: Replay | None = None,
) -> Replay:
    """The same as far as `known` of the member is judged."""
    return replay(timeline, history, known.settled, placed=known.last_at, before=before)


def go_on(
    timeline: Timeline,
    so_far: Replay,
    then: Iterable[RecordedActivity],
    until: date | None,
    *,
    placed: datetime | None = None,
    whatever_points: bool = False,
) -> Replay:
    """`so_far`, which ended with an activity, and what came `then`, as it counts, judged up to
    business day `until` (None: up to the last activity) and `placed`. With `whatever_points`
    nothing is refused for want of points: a balance may be below zero."""
    facts = so_far.facts
    steps: list[ReplayStep] = []
    changes: list[RankChange] = []
    for recorded in then:
        outcome = apply(timeline, facts, recorded.activity, stands=recorded.stands)
        if whatever_points and isinstance(outcome, Refusal) and outcome.code in OF_POINTS:
            outcome = apply(timeline, facts, recorded.activity, stands=True)
        steps.append(ReplayStep(recorded, outcome))
        if isinstance(outcome, Decision):
            facts = outcome.facts
            changes += outcome.rank_changes
    if until is not None:
        facts, last = advance(timeline, facts, until)
        changes += last
    if placed is not None:
        facts, last = place(timeline, facts, placed)
        changes += last
    return Replay(facts, (*so_far.steps, *steps), (*so_far.rank_changes, *changes))


def as_it_counts(history: Iterable[RecordedActivity]) -> Sequence[RecordedActivity]:
    """In order, and without what was taken back."""
    return left_over(in_order(history))


def in_order(history: Iterable[RecordedActivity]) -> list[RecordedActivity]:
    """As it happened: whatever came at the same moment in the order of recording."""
    return sorted(history, key=_in_order)


def _in_order(recorded: RecordedActivity) -> tuple[bool, datetime, bool, int]:
    activity, what = recorded.activity, recorded.activity.what
    # The clocks of two doors may differ by a second: joining comes first all the same, and by whose
    # invitation is told later than it is true.
    is_joining, is_invited = isinstance(what, Registration), isinstance(what, Invited)
    return not is_joining, activity.at, not is_invited, recorded.seq


def spends(replayed: Replay) -> dict[int, int]:
    """The points that each activity takes, by its number; those that take none are left out."""
    return {
        step.seq: step.outcome.spent.points
        for step in replayed.steps
        if isinstance(step.outcome, Decision) and step.outcome.spent
    }


def granted(replayed: Replay) -> Counter[tuple[int, str]]:
    """What each rule gives for each activity: `{(seq, rule): points}`."""
    wanted: Counter[tuple[int, str]] = Counter()
    for step in replayed.steps:
        if isinstance(step.outcome, Decision):
            for grant in step.outcome.grants:
                wanted[step.seq, grant.rule] += grant.points
    return wanted


def corrections(stored: Mapping[tuple[int, str], int], replayed: Replay) -> tuple[Correction, ...]:
    """What the ledger is off by: `stored` is the sum of grants per (activity, rule)."""
    wanted = granted(replayed)
    off = {key: wanted[key] - stored.get(key, 0) for key in {*wanted, *stored}}
    # Gifts before takings, so that a balance never dips below zero on the way.
    ordered = sorted(off.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Correction(seq, rule, points) for (seq, rule), points in ordered if points)
