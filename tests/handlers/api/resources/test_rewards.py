"""Rewards through the API."""

from typing import Any

from bot.codes import RewardUse
from handlers.actions.counter.redeem import Handover, redeem_at_counter
from rules.base import Refusal
from rules.programme.rewards import Reward
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told
from tests.handlers.clubs import DESK


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


NONCE = "0123456789abcdef"


def page_of(api: Api, number: str, reward: str) -> str:
    """What the member's page of the reward shows now."""
    return api.codes.use_code(number, 1, RewardUse(reward), NONCE, api.cafe.now)


def scanned_at_the_counter(api: Api, code: str) -> Handover | Refusal:
    live = api.codes.open_live(code, api.cafe.now)
    assert live is not None
    with api.cafe.work(DESK, key=api.cafe.key()) as work:
        return redeem_at_counter(work, live)


def rich(api: Api, till: System) -> tuple[str, Reward]:
    """Somebody with points for more than one, and what they cost."""
    number, reward = till.joins(), cheap(api)
    while api.cafe.balance(1) < 2 * (reward.cost or 0):
        told(till.does("/points", card_number=number, points=50, reason="試験"), 201)
    return number, reward


def test_a_page_is_handed_out_once_whoever_scans_it(api: Api, till: System) -> None:
    number, reward = rich(api, till)
    before, code = api.cafe.balance(1), page_of(api, number, reward.id)
    assert told(till.does("/cards/read", code=code))["kind"] == "use"
    came = told(till.does("/redemptions/shown", key="p", code=code), 201)
    left = before - (reward.cost or 0)
    assert (came["points"], came["balance"]) == (-(reward.cost or 0), left)
    assert (came["card_number"], came["action"]) == (number, f"use:{NONCE}")
    # Neither another till nor the staff's scanner hands it out again.
    api.cafe.passes(seconds=30)
    copy = page_of(api, number, reward.id)
    for path in ("/redemptions/shown", "/cards/read"):
        assert told(api.system(store="kawabe").does(path, code=copy), 409)["code"] == "use_again"
    again = scanned_at_the_counter(api, copy)
    assert isinstance(again, Handover)
    assert (again.first, again.store) == (False, "ekimae")
    # A repeat is the first one, when the code is long over.
    api.cafe.passes(minutes=10)
    assert told(till.does("/redemptions/shown", key="p", code=code), 201) == came
    assert told(till.does("/redemptions/shown", code=code), 409)["code"] == "use_expired"
    assert api.cafe.balance(1) == left
    assert api.cafe.differences(1) == []


def test_what_was_handed_out_for_a_page_is_taken_back_by_whom_it_was_shown(
    api: Api, till: System
) -> None:
    number, reward = rich(api, till)
    before, code = api.cafe.balance(1), page_of(api, number, reward.id)
    came = told(till.does("/redemptions/shown", code=code), 201)
    named = {"card_number": number, "action": came["action"]}
    no = api.system(store="ekimae").does("/redemptions/cancel", **named)
    assert told(no, 409)["code"] == "undo_elsewhere"
    assert told(till.does("/redemptions/cancel", **named))["balance"] == before
    assert told(till.does("/redemptions/shown", code=code), 409)["code"] == "use_cancelled"
    assert scanned_at_the_counter(api, code) == Refusal("use_cancelled")
    assert api.cafe.differences(1) == []


def test_a_page_that_staff_had_scanned_is_read_as_used(api: Api, till: System) -> None:
    number, reward = rich(api, till)
    code = page_of(api, number, reward.id)
    handed = scanned_at_the_counter(api, code)
    assert isinstance(handed, Handover)
    assert handed.first
    for path in ("/cards/read", "/redemptions/shown"):
        assert told(till.does(path, code=code), 409)["code"] == "use_again"
    # Nor does a system take back what staff did.
    no = till.does("/redemptions/cancel", card_number=number, action=f"use:{NONCE}")
    assert told(no, 409)["code"] == "undo_elsewhere"


def test_a_card_is_no_page(till: System) -> None:
    no = till.does("/redemptions/shown", code=till.joins())
    assert told(no, 409)["code"] == "use_none"


def test_who_has_left_is_quoted_what_they_would_be_refused(till: System) -> None:
    number = till.joins()
    told(till.does(f"/members/{number}/membership", state="left"))
    quoted = told(till.asks(f"/members/{number}/rewards"))["rewards"]
    assert {(each["may"], each["refusal"]) for each in quoted} == {(False, "left")}
    no = till.does("/redemptions", card_number=number, reward=quoted[0]["reward"])
    assert told(no, 409)["code"] == "left"
