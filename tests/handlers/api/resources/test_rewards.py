"""Rewards through the API."""

from typing import Any

from rules.programme.rewards import Reward
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told


def cheap(api: Api) -> Reward:
    """The cheapest reward that the first member has too few points for, and no more is missing."""
    rewards, has = api.cafe.timeline.latest.programme.rewards, api.cafe.balance(1)
    free = [r for r in rewards if not (r.ranks or r.first or r.codes or r.stock)]
    return min((r for r in free if (r.cost or 0) > has), key=lambda each: each.cost or 0)


def quote(till: System, number: str, reward: str) -> dict[str, Any]:
    found = told(till.asks(f"/members/{number}/rewards"))["rewards"]
    return next(each for each in found if each["reward"] == reward and each["voucher"] is None)


def test_a_reward_is_quoted_handed_out_and_taken_back(api: Api, till: System) -> None:
    number = till.joins()
    reward = cheap(api)
    quoted = quote(till, number, reward.id)
    assert (quoted["may"], quoted["refusal"]) == (False, "reward_points")
    assert quoted["points_missing"] == (reward.cost or 0) - api.cafe.balance(1)
    no = till.does("/redemptions", card_number=number, reward=reward.id)
    assert told(no, 409)["code"] == "reward_points"
    while api.cafe.balance(1) < (reward.cost or 0):
        told(till.does("/points", card_number=number, points=50, reason="試験"), 201)
    before = api.cafe.balance(1)
    assert quote(till, number, reward.id)["may"] is True
    came = told(till.does("/redemptions", key="r", card_number=number, reward=reward.id), 201)
    assert (came["points"], came["balance"]) == (-(reward.cost or 0), before - (reward.cost or 0))
    again = told(till.does("/redemptions", key="r", card_number=number, reward=reward.id), 201)
    assert again == came
    back = told(till.does("/redemptions/cancel", card_number=number, action=came["action"]))
    assert (back["points"], back["balance"]) == (reward.cost, before)
    no = till.does("/redemptions/cancel", card_number=number, action=came["action"])
    assert told(no, 409)["code"] == "undo_again"
    assert api.cafe.differences(1) == []


def test_a_system_takes_back_nothing_but_its_own(api: Api, till: System) -> None:
    other = api.system(store="ekimae")
    number = till.joins()
    came = told(till.does("/check-ins", code=number), 201)
    no = other.does("/check-ins/cancel", card_number=number, action=came["action"])
    assert told(no, 409)["code"] == "undo_elsewhere"
    no = till.does("/redemptions/cancel", card_number=number, action=came["action"])
    assert told(no, 409)["code"] == "undo_unknown"
    back = till.does("/check-ins/cancel", key="b", card_number=number, action=came["action"])
    assert told(back)["points"] == -came["points"]
    again = till.does("/check-ins/cancel", key="b", card_number=number, action=came["action"])
    assert again.json == back.json
    assert api.cafe.member(1).facts.visits == 0
    assert api.cafe.differences(1) == []


def test_what_there_is_not_is_refused(till: System) -> None:
    number = till.joins()
    no = till.does("/redemptions", card_number=number, reward="moon")
    assert told(no, 409)["code"] == "reward_gone"
    no = till.does("/redemptions", card_number=number, reward="coffee", voucher=7)
    assert told(no, 409)["code"] == "voucher_gone"
