"""What came of giving to a good cause: how much it is by now, and what was handed over."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.history import handovers, stock
from bot.store.history.handovers import Donation
from rules.programme.programme import Programme
from rules.programme.rewards import Reward
from rules.wording.words import Words


@dataclass(frozen=True, slots=True)
class Cause:
    """A good cause, and what came of it."""

    reward: Reward
    #: How often members gave to it.
    times: int
    #: The newest first.
    handed: tuple[Donation, ...]

    @property
    def given_yen(self) -> int:
        return self.times * self.reward.value_yen

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
    rewards = [reward for reward in programme.rewards if reward.is_for_others]
    if not rewards:
        return {}
    used = stock.all_used(uow)
    handed = handovers.of(uow, [reward.id for reward in rewards])
    return {
        reward.id: Cause(
            reward,
            used.get(reward.id, 0),
            tuple(each for each in handed if each.reward == reward.id),
        )
        for reward in rewards
    }
