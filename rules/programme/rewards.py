"""Rewards: what points can be exchanged for or is given by itself, who may, what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..base import Count, Id, Impossible, LocalText, Points, Refusal, Strict, Yen
from ..facts import Facts, Voucher
from ..first import FirstFor, may_on
from .earning import AtCounts

#: What a point is worth where no reward tells.
_POINT_YEN = 1.0

RewardKind = Literal["coupon", "gift", "free_shipping", "sample", "money_off", "charity"]


class ByRank(Strict):
    """Given the first time that each of these ranks is reached."""

    kind: Literal["rank"]
    ranks: Annotated[tuple[Id, ...], Field(min_length=1)]


class ByBirthday(Strict):
    """Given once a year, when the birth month begins or on the birthday."""

    kind: Literal["birthday"]


class ByPurchases(AtCounts):
    """Given with certain purchases, counted from the first."""

    kind: Literal["nth_purchase"]


class ByVisits(AtCounts):
    """Given with certain visits, counted from the first: a stamp card."""

    kind: Literal["nth_visit"]


class ByDeliveries(AtCounts):
    """Given with certain deliveries of a subscription, counted from the first."""

    kind: Literal["nth_delivery"]


class ByComeback(Strict):
    """Given at the next visit to whom a message promised it."""

    kind: Literal["comeback"]


Given = Annotated[
    ByRank | ByBirthday | ByPurchases | ByVisits | ByDeliveries | ByComeback,
    Field(discriminator="kind"),
]


class WebCodes(Strict):
    """Whoever takes it gets a code of their own for a web shop, of those that the owner has brought
    in: there are as many as there are codes."""

    #: With so many left the owner is told.
    low: Count = 20


class Reward(Strict):
    """Something for points, or given as a voucher, or both."""

    id: Id
    name: LocalText
    kind: RewardKind
    #: In points; None: only given.
    cost: Points | None = None
    #: What it is worth: `program check` holds it against the limits on prizes.
    value_yen: Yen
    #: The purchase it needs, likewise.
    min_purchase_yen: Yen = 0
    note: LocalText | None = None
    #: When it is given as a voucher; None: never.
    given: Given | None = None
    #: So long a voucher of it is good.
    valid_days: Annotated[int, Field(ge=1, le=730)] | None = None
    #: For members who hold one of these only; all, where none is named.
    ranks: tuple[Id, ...] = ()
    #: For these first, and for all (or all of `ranks`) later.
    first: FirstFor | None = None
    #: The first day it is to be had.
    starts: date | None = None
    #: The last day it is to be had.
    ends: date | None = None
    #: How often one member may take it, and how often it is given them.
    per_member: Count | None = None
    #: How many there are in all.
    stock: Count | None = None
    #: Each is a code for a web shop; None: it is handed out at the counter.
    codes: WebCodes | None = None

    @model_validator(mode="after")
    def _possible_dates(self) -> "Reward":
        if self.starts and self.ends and self.ends < self.starts:
            raise Impossible("ends_before", last="ends", first="starts")
        if self.first and self.starts and self.first.until < self.starts:
            raise Impossible("ends_before", last="first.until", first="starts")
        return self

    @model_validator(mode="after")
    def _can_be_had(self) -> "Reward":
        if self.cost is None and self.given is None:
            raise Impossible("never_had")
        if (self.given is None) != (self.valid_days is None):
            raise Impossible("valid_days_needed")
        if self.given and self.is_for_others:
            raise Impossible("charity_given")
        if self.codes and (self.stock or self.is_for_others):
            raise Impossible("codes_alone")
        return self

    @property
    def rule_id(self) -> str:
        """How ledger entries name this reward."""
        return f"reward:{self.id}"

    def is_for(self, facts: Facts, day: date) -> bool:
        """Whether the member may have it on `day`, by rank and by whom it is first."""
        return may_on(self.first, self.ranks, facts, day)

    def is_early(self, day: date) -> bool:
        """Whether on `day` only those may have it for whom it is first."""
        return self.first is not None and self.first.is_early(day)

    @property
    def is_for_others(self) -> bool:
        """Whether its points are given away: nothing that the member has, or looks forward to."""
        return self.kind == "charity"


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reward that is set aside for a member while a sale of theirs is open."""

    reward: str
    #: By which voucher; None for points.
    voucher: int | None
    points: int
    #: Up to which moment (exclusive).
    until: datetime


@dataclass(frozen=True, slots=True)
class Withheld:
    """The rewards, by id, that are not handed out to a member now, whatever they have for them."""

    #: How many are left of those of which there are so many in all; nobody gets one of none.
    left: Mapping[str, int] = field(default_factory=dict)
    #: They wait for a week after the card was moved.
    held_back: frozenset[str] = frozenset()
    #: What is set aside for them: neither it nor its points are had in another way meanwhile.
    reserved: tuple[Reserved, ...] = ()

    def is_out_of_stock(self, reward: str) -> bool:
        return self.left.get(reward) == 0

    def refusal(self, reward: str, voucher: int | None = None) -> Refusal | None:
        """Why that reward isn't handed out, by a voucher where one is named; None where it is."""
        for each in self.reserved:
            if voucher is not None and (each.reward, each.voucher) == (reward, voucher):
                return Refusal("reward_reserved", each.until)
        if self.is_out_of_stock(reward):
            return Refusal("reward_stock")
        return Refusal("reward_held") if reward in self.held_back else None

    def points_refusal(self, balance: int, points: int) -> Refusal | None:
        """Why so many points of a balance can't be spent, as some are set aside: until enough are
        free again. None where they can, or where there never were enough."""
        free = balance - sum(each.points for each in self.reserved)
        if points > balance or points <= free:
            return None
        for each in sorted(self.reserved, key=lambda each: each.until):
            free += each.points
            if points <= free:
                return Refusal("reward_reserved", each.until)
        return None

    def reward_refusal(self, reward: Reward, facts: Facts) -> Refusal | None:
        """Why it isn't had for points: of what one member may have so often, or of their points,
        some is set aside; or it isn't handed out at all."""
        same = [each.until for each in self.reserved if each.reward == reward.id]
        taken = facts.tallies.get(reward.rule_id)
        times = (taken.ever if taken else 0) + len(same)
        if same and reward.per_member and times >= reward.per_member:
            return Refusal("reward_reserved", min(same))
        return self.points_refusal(facts.balance, reward.cost or 0) or self.refusal(reward.id)


#: Everything is there.
NOTHING_WITHHELD = Withheld()


@dataclass(frozen=True, slots=True)
class RewardStanding:
    """How near a member is to a reward."""

    reward: Reward
    points_missing: int
    needs_rank: bool
    used_up: bool
    #: It is not to be had for points.
    is_given: bool
    #: Why nobody hands it out to them now, whatever they have.
    withheld: Refusal | None = None
    #: How often they have taken it.
    taken: int = 0
    #: The last day on which it is for others only, by whom it is to be had first; None where it
    #: is for all, or for them.
    early_until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether points are all that may be missing."""
        return not (self.needs_rank or self.used_up or self.is_given or self.withheld)

    @property
    def ready(self) -> bool:
        return self.is_open and not self.points_missing


def standing(
    reward: Reward, facts: Facts, day: date, withheld: Withheld = NOTHING_WITHHELD
) -> RewardStanding:
    """What is missing to `reward` for this member on `day`, vouchers in hand aside."""
    taken = facts.tallies.get(reward.rule_id)
    needs_rank = not reward.is_for(facts, day)
    return RewardStanding(
        reward,
        points_missing=max(0, (reward.cost or 0) - facts.balance),
        needs_rank=needs_rank,
        used_up=bool(reward.per_member and taken and taken.ever >= reward.per_member),
        is_given=reward.cost is None,
        withheld=withheld.reward_refusal(reward, facts),
        taken=taken.ever if taken else 0,
        early_until=reward.first.until
        if needs_rank and reward.first and reward.is_early(day)
        else None,
    )


def on_offer(reward: Reward, day: date) -> bool:
    return (reward.starts is None or reward.starts <= day) and (
        reward.ends is None or day <= reward.ends
    )


def offered(
    rewards: Iterable[Reward], facts: Facts, day: date, withheld: Withheld = NOTHING_WITHHELD
) -> tuple[RewardStanding, ...]:
    """The rewards on offer, as they are shown: what can be had now, what only points are missing
    to, the rest; the cheapest first. What is given away comes last."""
    found = [standing(each, facts, day, withheld) for each in rewards if on_offer(each, day)]
    return tuple(sorted(found, key=_place))


def _place(now: RewardStanding) -> tuple[bool, bool, bool, bool, int, str]:
    reward = now.reward
    return (
        *(reward.is_for_others, not now.ready, not now.is_open, now.is_given),
        *(reward.cost or 0, reward.id),
    )


def best_for_points(rewards: Iterable[Reward]) -> Reward | None:
    """That of the rewards that all may have over and over for which points are worth the most;
    None where none of these has a worth."""
    known = [
        reward
        for reward in rewards
        if reward.cost and reward.value_yen
        if not (reward.ranks or reward.first or reward.per_member)
        if not (reward.stock or reward.codes)
    ]
    return max(known, key=_yen_of_each, default=None)


def _yen_of_each(reward: Reward) -> float:
    return reward.value_yen / reward.cost if reward.cost else 0.0


def yen_of_a_point(rewards: Iterable[Reward]) -> float:
    """What a point is worth at the best of the rewards that all may have over and over."""
    best = best_for_points(rewards)
    return _POINT_YEN if best is None else _yen_of_each(best)


def worth_yen(rewards: Iterable[Reward], points: int) -> int:
    """What the points are worth at the most."""
    return round(points * yen_of_a_point(rewards))


def in_hand(facts: Facts, day: date) -> tuple[Voucher, ...]:
    """The vouchers that can be used on `day`, those that end soonest first."""
    good = [voucher for voucher in facts.vouchers if day <= voucher.until]
    return tuple(sorted(good, key=lambda voucher: (voucher.until, voucher.reward, voucher.n)))


def voucher(facts: Facts, reward: str, n: int, day: date) -> Voucher | None:
    """The member's `n`-th voucher of `reward`, if they have it and it is good on `day`."""
    return next((v for v in in_hand(facts, day) if (v.reward, v.n) == (reward, n)), None)


def check_redemption(
    reward: Reward | None,
    facts: Facts,
    day: date,
    *,
    voucher_n: int | None = None,
    withheld: Withheld = NOTHING_WITHHELD,
) -> Refusal | None:
    """Why this member can't use `reward` on `day`, for points or by a voucher; None when they can.

    A voucher in hand counts whatever has changed since it was given, while the programme knows the
    reward at all.
    """
    if voucher_n is not None:
        held = reward and voucher(facts, reward.id, voucher_n, day)
        return withheld.refusal(held.reward, held.n) if held else Refusal("voucher_gone")
    if reward is None or not on_offer(reward, day):
        return Refusal("reward_gone")
    now = standing(reward, facts, day, withheld)
    if now.is_given:
        return Refusal("voucher_gone")
    if now.needs_rank:
        return Refusal("reward_early" if now.early_until else "reward_rank")
    if now.used_up:
        return Refusal("reward_used_up")
    if now.points_missing:
        return Refusal("reward_points")
    return now.withheld
