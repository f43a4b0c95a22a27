"""What came of giving to a good cause: how much it is by now, and what was handed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.history import handovers, stock
from bot.store.history.handovers import Donation
from bot.store.history.stock import Used
from rules.programme.programme import Programme
from rules.programme.rewards import Reward
from rules.programme.timeline import Timeline
from rules.wording.words import Words


@dataclass(frozen=True, slots=True)
class Cause:
    """A good cause, and what came of it."""

    reward: Reward
    #: How often members gave to it, and how much in all: each time what it was worth then.
    times: int
    given_yen: int
    #: The newest first.
    handed: tuple[Donation, ...]

    @property
    def handed_yen(self) -> int:
        return sum(each.yen for each in self.handed)

    def told(self, words: Words) -> tuple[str, ...]:
        """What members read of it: the running total, and what was handed over last."""
        if not self.times:
            return ()
        so_far = words.say("charity.so_far", yen=self.given_yen, count=self.times)
        return (so_far, *(handed_line(words, each) for each in self.handed[:1]))


def handed_line(words: Words, handed: Donation) -> str:
    """「6月30日に子ども食堂へ12,300円をお渡ししました」."""
    return words.say("charity.handed", on=handed.on, recipient=handed.recipient, yen=handed.yen)


def causes(uow: UnitOfWork, programme: Programme) -> Mapping[str, Cause]:
    """The good causes of the programme, by their ids. Asks nobody where there is none."""
    return _of(uow, programme.rewards)


def all_causes(uow: UnitOfWork, timeline: Timeline, programme: Programme) -> list[Cause]:
    """The good causes of `programme`, and after them those of before that something was given
    to."""
    found = _of(uow, {**timeline.rewards, **{each.id: each for each in programme.rewards}}.values())
    past = [each for each in found.values() if programme.reward(each.reward.id) is None]
    present = [each for each in found.values() if each not in past]
    return [*present, *(each for each in past if each.times or each.handed)]


def _of(uow: UnitOfWork, rewards: Iterable[Reward]) -> Mapping[str, Cause]:
    good = [reward for reward in rewards if reward.is_for_others]
    if not good:
        return {}
    used = stock.all_used(uow)
    handed = handovers.of(uow, [reward.id for reward in good])
    found = {}
    for reward in good:
        given, its = used.get(reward.id, Used()), [h for h in handed if h.reward == reward.id]
        found[reward.id] = Cause(reward, given.times, given.yen, tuple(its))
    return found
