"""A programme tried on what members did: what they would have got by it in the days that are past,
beside what they got. Nothing is asked of how they would have behaved otherwise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..activity import Absorbed, TakenBack
from ..facts import Facts
from ..programme.programme import Programme
from ..programme.rewards import yen_of_a_point
from ..programme.timeline import Timeline, Version
from .decide import Decision, advance
from .recorded import RecordedActivity
from .replay import Replay, as_it_counts, go_on, start
from .vouchers import numbers_given


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody got in the days of a trial, and the rank they hold at its end."""

    points: int = 0
    #: Rewards that were given, and what they are worth.
    vouchers: int = 0
    #: All of it, in yen as the programme has them.
    yen: int = 0
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a member."""

    history: Sequence[RecordedActivity]
    #: As it is stored, which is what a replay gives.
    facts: Facts
    #: What each rule gave for each activity: `{(seq, rule): points}`.
    granted: Mapping[tuple[int, str], int]


@dataclass(frozen=True, slots=True)
class DryRun:
    """A programme in the place of all that held from `since` on."""

    timeline: Timeline
    programme: Programme
    since: datetime
    #: The business day up to which it is judged.
    until: date

    @property
    def tried(self) -> Timeline:
        before = tuple(each for each in self.timeline.versions if each.since < self.since)
        number = self.timeline.latest.number + 1
        versions = (*before, Version(number, self.since, self.programme))
        # What is older than all versions is judged by the first: that must not be the one on trial.
        first = self.timeline.versions[:1] if not before else ()
        return replace(self.timeline, versions=(*first, *versions))

    def of(self, life: Life) -> tuple[Brought, Brought]:
        """What a member got, and what they would have got."""
        ordered = as_it_counts(life.history)
        past = [each for each in ordered if each.activity.at < self.since]
        then = ordered[len(past) :]
        nothing = Replay(start(ordered[0].activity), (), ())
        before = go_on(self.timeline, nothing, past, None, whatever_points=True)
        is_plain = not any(
            isinstance(each.activity.what, Absorbed | TakenBack) for each in life.history
        )
        was = self._stored(life, before, then) if is_plain else self._judged(before, then)
        return was, self._judged(before, then, tried=True)

    def _stored(self, life: Life, before: Replay, then: Sequence[RecordedActivity]) -> Brought:
        """What a member got, whose numbers of vouchers tell nothing but what they were given."""
        programme, seqs = self.timeline.latest.programme, {each.seq for each in then}
        facts, _ = advance(self.timeline, life.facts, self.until)
        points = sum(given for (seq, _), given in life.granted.items() if seq in seqs)
        vouchers = numbers_given(facts) - numbers_given(before.facts)
        return _worth(programme, points, vouchers, facts)

    def _judged(
        self, before: Replay, then: Sequence[RecordedActivity], *, tried: bool = False
    ) -> Brought:
        timeline = self.tried if tried else self.timeline
        whole = go_on(timeline, before, then, self.until, whatever_points=True)
        steps = whole.steps[len(before.steps) :]
        taken = [step.outcome for step in steps if isinstance(step.outcome, Decision)]
        vouchers = Counter(given.reward for each in taken for given in each.vouchers)
        programme = self.programme if tried else self.timeline.latest.programme
        return _worth(programme, sum(each.points for each in taken), vouchers, whole.facts)


def _worth(programme: Programme, points: int, vouchers: Mapping[str, int], facts: Facts) -> Brought:
    """What somebody got, worth what it is by that programme."""
    rewards = ((programme.reward(each), n) for each, n in vouchers.items())
    worth = sum(reward.value_yen * n for reward, n in rewards if reward)
    yen = round(points * yen_of_a_point(programme.rewards)) + worth
    return Brought(points, sum(vouchers.values()), yen, facts.rank.id)
