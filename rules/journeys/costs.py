"""What messages and their gifts cost, in yen, and in visitors that pay for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..programme.programme import Programme
from ..programme.rewards import worth_yen
from ..science.worth import break_even
from .counts import CountedJourney
from .journey import Journey
from .words import offer_of, steps_of

#: Whether gifts are in it: there are none; they are; the programme doesn't say what one is worth.
Gifts = Literal["none", "counted", "unknown"]


@dataclass(frozen=True, slots=True)
class Costs:
    """What a hundred messages cost."""

    #: So many more visitors pay for them.
    break_even: float
    gifts: Gifts


@dataclass(frozen=True, slots=True)
class Spent:
    """What went out, in so far as it is counted what became of it."""

    messages: int
    #: What the messages cost, and at the most the gifts of those who came.
    yen: float
    gifts_yen: float
    gifts: Gifts


def spent(programme: Programme, counted: Sequence[CountedJourney], arm: str | None = None) -> Spent:
    """By these journeys' messages, or that arm's. Whoever comes uses the gift."""
    messages, gifts, worths = 0, 0.0, list[int]()
    for each in counted:
        for side in each.sides:
            if side.arm is not None and arm in (None, side.arm):
                given = _gifts_yen(programme, each.journey, side.arm)
                messages += side.sent
                gifts += side.sums.came * sum(given) / steps_of(each.journey)
                worths += given
    known: Gifts = "none" if not worths else "counted" if all(worths) else "unknown"
    return Spent(messages, messages * programme.sending.message_yen, gifts, known)


def costs_of(
    programme: Programme, counted: Sequence[CountedJourney], arm: str | None = None
) -> Costs | None:
    """What these journeys' messages, or that arm's, and the gifts that came of them cost; None
    where nobody knows what a visit earns."""
    policy, its = programme.sending, spent(programme, counted, arm)
    gift = its.gifts_yen / max(1, its.messages)
    found = break_even(policy.message_yen, gift, policy.visit_margin_yen or 0)
    return None if found is None else Costs(found, its.gifts)


def _gifts_yen(programme: Programme, journey: Journey, arm: str) -> list[int]:
    """What the arm's gifts are worth, step by step; 0 where the programme doesn't say."""
    found = (_offer_yen(programme, journey, arm, step) for step in range(steps_of(journey)))
    return [yen for yen in found if yen is not None]


def _offer_yen(programme: Programme, journey: Journey, arm: str, step: int) -> int | None:
    offer = offer_of(journey, arm, step)
    if offer is None or not (offer.points or offer.reward):
        return None
    if offer.points:
        return worth_yen(programme.rewards, offer.points)
    reward = programme.reward(offer.reward or "")
    return reward.value_yen if reward else 0
