"""Rewards: who may take them, and what is missing."""

import pytest
from pydantic import ValidationError

from rules.programme.rewards import Reward, check_redemption, on_offer, standing
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    club,
    gets,
    ladder,
    of_day,
    reward,
    takes,
    visits,
)


def life(points: int, **more: object) -> Life:
    member = Life(club(rewards=[reward(**more)], ranks=ladder(1, 2)))
    if points:
        member.does(gets(points, JOINED))
    return member


def test_a_reward_costs_its_points() -> None:
    member = life(25)
    decision = member.does(takes("gift", 10, JOINED))
    assert decision.spent is not None
    assert (decision.spent.rule, decision.spent.points) == ("reward:gift", 10)
    assert member.facts.balance == 15


@pytest.mark.parametrize(
    ("points", "more", "code"),
    [
        (9, {}, "reward_points"),
        (99, {"ranks": ["r1"]}, "reward_rank"),
        (99, {"starts": "2026-01-06"}, "reward_gone"),
        (99, {"ends": "2026-01-04"}, "reward_gone"),
        (99, {"id": "other"}, "reward_gone"),
    ],
)
def test_a_reward_is_refused_with_the_reason(points: int, more: Part, code: str) -> None:
    assert life(points, **more).refused(takes("gift", 10, JOINED)) == code


def test_a_reward_may_be_taken_so_often_by_one_member() -> None:
    member = life(99, per_member=2)
    member.does(takes("gift", 10, JOINED), takes("gift", 10, JOINED + DAY))
    assert member.refused(takes("gift", 10, JOINED + DAY * 400)) == "reward_used_up"


def test_a_rank_opens_its_rewards() -> None:
    member = life(99, ranks=["r1"])
    member.does(visits(JOINED + DAY), takes("gift", 10, JOINED + DAY))
    assert member.facts.balance == 89


@pytest.mark.parametrize("points", [26, 0, -5])
def test_nobody_spends_more_than_they_have_nor_less_than_nothing(points: int) -> None:
    member = life(25)
    assert member.refused(takes("gift", points, JOINED)) == "reward_points"
    assert member.facts.balance == 25


def test_standing_says_what_is_missing() -> None:
    gift = Reward.model_validate(reward(cost=30, ranks=["r2"], per_member=1))
    member = life(25)
    assert standing(gift, member.facts, JOINED).points_missing == 5
    assert standing(gift, member.facts, JOINED).needs_rank
    assert not standing(gift, member.facts, JOINED).used_up
    assert not standing(gift, member.facts, JOINED).ready
    assert standing(Reward.model_validate(reward()), member.facts, JOINED).ready


def test_dates_of_an_offer_are_both_included() -> None:
    gift = Reward.model_validate(reward(starts="2026-03-01", ends="2026-03-31"))
    offered = [on_offer(gift, of_day(d)) for d in ("02-28", "03-01", "03-31", "04-01")]
    assert offered == [False, True, True, False]
    assert check_redemption(None, life(0).facts, JOINED) is not None
    with pytest.raises(ValidationError, match="ends_before"):
        Reward.model_validate(reward(starts="2026-03-02", ends="2026-03-01"))
