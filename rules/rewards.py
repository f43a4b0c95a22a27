"""Rewards: what points can be exchanged for, who may, and what is still missing."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import model_validator

from .base import Count, Id, LocalText, Points, Refusal, Strict, Yen
from .facts import Facts

RewardKind = Literal["coupon", "gift", "free_shipping", "sample", "money_off", "charity"]


class Reward(Strict):
    """Something for `cost` points, for certain ranks if given, from `starts` to `ends` included.

    `value_yen` is what it is worth, `min_purchase_yen` the purchase it needs: `program check`
    holds both against the limits on prizes. `per_member` is how often one member may take it.
    """

    id: Id
    name: LocalText
    kind: RewardKind
    cost: Points
    value_yen: Yen
    min_purchase_yen: Yen = 0
    note: LocalText | None = None
    ranks: tuple[Id, ...] = ()
    starts: date | None = None
    ends: date | None = None
    per_member: Count | None = None

    @model_validator(mode="after")
    def _possible_dates(self) -> "Reward":
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("`ends` must not be before `starts`")
        return self

    @property
    def rule_id(self) -> str:
        """How ledger entries name this reward."""
        return f"reward:{self.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How near a member is to a reward: ready, or what is missing."""

    reward: Reward
    points_missing: int
    needs_rank: bool
    used_up: bool

    @property
    def ready(self) -> bool:
        return not (self.points_missing or self.needs_rank or self.used_up)


def standing(reward: Reward, facts: Facts) -> Standing:
    """What is missing to `reward` for this member."""
    taken = facts.tallies.get(reward.rule_id)
    return Standing(
        reward,
        points_missing=max(0, reward.cost - facts.balance),
        needs_rank=bool(reward.ranks) and facts.rank.id not in reward.ranks,
        used_up=bool(reward.per_member and taken and taken.ever >= reward.per_member),
    )


def on_offer(reward: Reward, day: date) -> bool:
    return (reward.starts is None or reward.starts <= day) and (
        reward.ends is None or day <= reward.ends
    )


def check_redemption(reward: Reward | None, facts: Facts, day: date) -> Refusal | None:
    """Why this member can't take `reward` on `day`; None when they can."""
    if reward is None or not on_offer(reward, day):
        return Refusal("reward_gone")
    now = standing(reward, facts)
    if now.needs_rank:
        return Refusal("reward_rank")
    if now.used_up:
        return Refusal("reward_used_up")
    if now.points_missing:
        return Refusal("reward_points")
    return None
