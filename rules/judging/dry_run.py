"""A programme tried on what members did: what they would have got by it in the days that are past,
beside what they got. Nothing is asked of how they would have behaved otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..programme.programme import Programme
from ..programme.rewards import yen_of_a_point
from ..programme.timeline import Timeline, Version
from .decide import Decision
from .recorded import RecordedActivity
from .replay import Replay, as_it_counts, go_on, start


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

    def of(self, history: Sequence[RecordedActivity]) -> tuple[Brought, Brought]:
        """What a member of that history got, and what they would have got."""
        ordered = as_it_counts(history)
        past = [each for each in ordered if each.activity.at < self.since]
        then = ordered[len(past) :]
        nothing = Replay(start(ordered[0].activity), (), ())
        before = go_on(self.timeline, nothing, past, None, whatever_points=True)
        both = (
            go_on(timeline, before, then, self.until, whatever_points=True)
            for timeline in (self.timeline, self.tried)
        )
        was, would = (replace(each, steps=each.steps[len(past) :]) for each in both)
        return (
            _brought(was, self.timeline.latest.programme),
            _brought(would, self.programme),
        )


def _brought(replayed: Replay, programme: Programme) -> Brought:
    """What the steps brought, worth what it is by that programme."""
    taken = [step.outcome for step in replayed.steps if isinstance(step.outcome, Decision)]
    points = sum(each.points for each in taken)
    rewards = [programme.reward(given.reward) for each in taken for given in each.vouchers]
    worth = sum(reward.value_yen for reward in rewards if reward)
    yen = round(points * yen_of_a_point(programme.rewards)) + worth
    return Brought(points, len(rewards), yen, replayed.facts.rank.id)
