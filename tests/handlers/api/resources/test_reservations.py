"""Rewards set aside through the API."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from bot.codes import RewardUse
from bot.store.history import stock
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import erase
from rules.base import Refusal
from tests.handlers.actions.counter.test_redeem import promised
from tests.handlers.actions.importing.test_many_rows import brought_in, fates
from tests.handlers.actions.members.test_merge_undone import undoes
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told
from tests.handlers.api.resources.test_rewards import page_of, quote, scanned_at_the_counter
from tests.rules.examples import CAFE, changed

#: What things cost in the café: a cookie 150 points, 100 yen off 100, a donation 50.
DEARER = changed(CAFE, ("cost = 150\n", "cost = 250\n"))
LAST_ONE = changed(CAFE, ("cost = 150\n", "cost = 150\nstock = 1\n"))


def member_with(api: Api, till: System, points: int, which: int = 1) -> str:
    """Somebody new, the `which`-th of the club, with so many points."""
    number = till.joins(another=True)
    more = points - api.cafe.balance(which)
    told(till.does("/points", card_number=number, points=more, reason="試験"), 201)
    return number


def reserves(till: System, number: str, reward: str = "cookie", **more: Any) -> dict[str, Any]:
    return told(till.does("/reservations", card_number=number, reward=reward, **more), 201)


def redeems(till: System, made: dict[str, Any], key: str | None = None) -> Any:
    return till.does(f"/reservations/{made['reservation']}/redeem", key=key)


def no_to(answer: Any) -> str:
    return str(told(answer, 409)["code"])


def test_what_is_set_aside_is_nobody_s_but_the_sale_s(api: Api, till: System) -> None:
    number = member_with(api, till, 200)
    made = reserves(till, number, minutes=20)
    assert (made["points"], made["state"], made["store"]) == (150, "open", "ekimae")
    assert made["until"] == "2026-01-05T12:20:00+09:00"
    for reward in ("cookie", "off_100"):
        quoted = quote(till, number, reward)
        assert (quoted["may"], quoted["refusal"]) == (False, "reward_reserved"), reward
        assert quoted["again_at"] == made["until"]
        no = told(till.does("/redemptions", card_number=number, reward=reward), 409)
        assert (no["code"], no["again_at"]) == ("reward_reserved", made["until"])
    # Neither in the chat, nor at the counter, nor by another till, nor by hand.
    with api.cafe.work("member", key="line:1") as work:
        came = redeem(work, 1, RewardUse("cookie"), at=work.now)
    assert (came.refused, came.again_at) == ("reward_reserved", api.cafe.now.replace(minute=20))
    seen = scanned_at_the_counter(api, page_of(api, number, "cookie"))
    assert isinstance(seen, Refusal)
    assert seen.code == "reward_reserved"
    other = api.system(store="ekimae")
    assert no_to(other.does("/reservations", card_number=number, reward="off_100")) == (
        "reward_reserved"
    )
    by_hand: dict[str, Any] = {"card_number": number, "points": -51, "reason": "試験"}
    assert no_to(till.does("/points", **by_hand)) == "points_reserved"
    # The rest of the points is theirs.
    told(till.does("/redemptions", card_number=number, reward="donation"), 201)
    assert api.cafe.balance(1) == 150


def test_it_is_handed_out_once_for_what_it_cost_then(api: Api, till: System) -> None:
    number = member_with(api, till, 200)
    made = reserves(till, number)
    api.cafe.publishes(DEARER)
    told(till.does("/purchases", code=number, total_yen=1000), 201)
    before = api.cafe.balance(1)
    came = told(redeems(till, made, key="r"), 201)
    assert (came["points"], came["balance"], came["card_number"]) == (-150, before - 150, number)
    assert told(redeems(till, made, key="r"), 201) == came
    assert no_to(redeems(till, made)) == "reservation_used"
    assert no_to(till.does(f"/reservations/{made['reservation']}/cancel")) == "reservation_used"
    stands = told(till.asks(f"/reservations/{made['reservation']}"))
    assert (stands["state"], stands["action"]) == ("redeemed", came["action"])
    assert api.cafe.balance(1) == before - 150
    assert api.cafe.differences(1) == []
    back = told(till.does("/redemptions/cancel", card_number=number, action=came["action"]))
    assert back["balance"] == before
    assert no_to(redeems(till, made)) == "reservation_used"
    assert api.cafe.differences(1) == []


def test_it_ends_by_itself(api: Api, till: System) -> None:
    number = member_with(api, till, 150)
    made = reserves(till, number)
    api.cafe.passes(minutes=14, seconds=59)
    assert quote(till, number, "cookie")["may"] is False
    api.cafe.passes(seconds=1)
    assert quote(till, number, "cookie")["may"] is True
    assert told(till.asks(f"/reservations/{made['reservation']}"))["state"] == "ended"
    assert no_to(redeems(till, made)) == "reservation_over"
    # To let it go then is no mistake.
    gone = told(till.does(f"/reservations/{made['reservation']}/cancel"))
    assert gone["state"] == "cancelled"
    told(till.does("/redemptions", card_number=number, reward="cookie"), 201)
    assert api.cafe.balance(1) == 0


@pytest.mark.parametrize("minutes", [0, 61])
def test_it_is_set_aside_for_an_hour_at_most(api: Api, till: System, minutes: int) -> None:
    number = member_with(api, till, 150)
    no = till.does("/reservations", card_number=number, reward="cookie", minutes=minutes)
    assert told(no, 422)["errors"][0]["pointer"] == "/minutes"


def test_it_is_let_go(api: Api, till: System) -> None:
    number = member_with(api, till, 150)
    made = reserves(till, number, key="a")
    assert reserves(till, number, key="a") == made
    listed = told(till.asks(f"/members/{number}/reservations"))["reservations"]
    assert listed == [made]
    for _ in range(2):
        gone = told(till.does(f"/reservations/{made['reservation']}/cancel"))
        assert gone["state"] == "cancelled"
    assert told(till.asks(f"/members/{number}/reservations"))["reservations"] == []
    assert no_to(redeems(till, made)) == "reservation_over"
    assert reserves(till, number)["state"] == "open"


def test_the_last_one_waits_for_the_sale(api: Api, till: System) -> None:
    api.cafe.publishes(LAST_ONE)
    first, second = (member_with(api, till, 150, which) for which in (1, 2))
    made = reserves(till, first)
    assert quote(till, second, "cookie")["refusal"] == "reward_stock"
    for path in ("/redemptions", "/reservations"):
        assert no_to(till.does(path, card_number=second, reward="cookie")) == "reward_stock"
    told(redeems(till, made), 201)
    with api.cafe.store.read() as uow:
        assert stock.all_used(uow)["cookie"].times == 1
    assert no_to(till.does("/redemptions", card_number=second, reward="cookie")) == "reward_stock"
    assert api.cafe.differences(1, 2) == []


def test_the_last_one_is_free_when_the_sale_came_to_nothing(api: Api, till: System) -> None:
    api.cafe.publishes(LAST_ONE)
    first, second = (member_with(api, till, 150, which) for which in (1, 2))
    reserves(till, first)
    api.cafe.passes(minutes=15)
    told(till.does("/redemptions", card_number=second, reward="cookie"), 201)


def test_a_gift_in_hand_is_set_aside_for_no_points(api: Api, till: System) -> None:
    number = till.joins()
    promised(api.cafe, 1)
    before = api.cafe.balance(1)
    made = reserves(till, number, "welcome_back", voucher=1)
    assert (made["voucher"], made["points"]) == (1, 0)
    asked: dict[str, Any] = {"card_number": number, "reward": "welcome_back", "voucher": 1}
    assert no_to(till.does("/redemptions", **asked)) == "reward_reserved"
    # By the last day of it at the end of the sale, too: it counts as of when it was set aside.
    came = told(redeems(till, made), 201)
    assert (came["points"], api.cafe.balance(1)) == (0, before)
    assert no_to(till.does("/redemptions", **asked)) == "voucher_gone"
    assert api.cafe.differences(1) == []


def test_what_one_may_have_once_is_set_aside_once(api: Api, till: System) -> None:
    api.cafe.publishes(changed(CAFE, ("cost = 150\n", "cost = 150\nper_member = 1\n")))
    number = member_with(api, till, 400)
    reserves(till, number)
    assert no_to(till.does("/reservations", card_number=number, reward="cookie")) == (
        "reward_reserved"
    )
    assert quote(till, number, "off_100")["may"] is True


def test_it_is_nothing_to_other_systems_or_stores(api: Api, till: System) -> None:
    key = api.key(store="ekimae")
    mine = System(api.app.test_client(), key.token)
    number = member_with(api, till, 150)
    made = reserves(mine, number)
    path = f"/reservations/{made['reservation']}"
    for each in (till.asks(path), till.does(f"{path}/redeem"), till.does(f"{path}/cancel")):
        assert told(each, 404)["code"] == "not_found"
    assert told(till.asks(f"/members/{number}/reservations"))["reservations"] == []
    elsewhere = System(api.app.test_client(), api.key(store="kawabe", follows=key.key.id).token)
    for each in (elsewhere.asks(path), elsewhere.does(f"{path}/redeem")):
        assert told(each, 403)["code"] == "other_store"
    listed = told(elsewhere.asks(f"/members/{number}/reservations"))
    assert listed["reservations"] == []
    assert told(till.asks("/reservations/99999999999"), 404)["code"] == "not_found"


def test_points_that_were_taken_back_meanwhile_are_missing(api: Api, till: System) -> None:
    number = till.joins()
    came = told(till.does("/purchases", code=number, total_yen=15000), 201)
    made = reserves(till, number)
    assert api.cafe.undoes(1, came["action"]).done
    assert no_to(redeems(till, made)) == "reward_points"
    assert api.cafe.differences(1) == []


def test_a_file_takes_no_points_that_are_set_aside(api: Api, till: System) -> None:
    number = till.joins()
    brought_in(api.cafe, f"カード番号,ポイント\n{number},160\n", "balances")
    made = reserves(till, number)
    lower = f"カード番号,ポイント\n{number},1\n"
    assert fates(api.cafe, brought_in(api.cafe, lower, "balances")) == {
        "head": 1, "points_reserved": 1,
    }  # fmt: skip
    assert redeems(till, made).status_code == 201
    assert api.cafe.differences(1) == []


def test_who_leaves_takes_nothing_along(api: Api, till: System) -> None:
    number = member_with(api, till, 150)
    made = reserves(till, number)
    told(till.does(f"/members/{number}/membership", state="paused"))
    told(till.does(f"/members/{number}/membership", state="left"))
    assert no_to(redeems(till, made)) == "left"
    with api.cafe.work(key="e") as work:
        assert erase(work, 1, at=work.now).done
    for answer in (redeems(till, made), till.asks(f"/reservations/{made['reservation']}")):
        assert told(answer, 404)["code"] == "not_found"


def test_a_pause_keeps_it(api: Api, till: System) -> None:
    number = member_with(api, till, 150)
    made = reserves(till, number)
    told(till.does(f"/members/{number}/membership", state="paused"))
    assert told(redeems(till, made), 201)["balance"] == 0
    assert api.cafe.differences(1) == []


def test_it_follows_its_card_into_another_and_back(api: Api, till: System) -> None:
    other = member_with(api, till, 200, 1)
    keep = till.joins(another=True)
    made = reserves(till, other, "off_100")
    kept = reserves(till, other, "donation")
    assert merges(api.cafe, 2, 1).done
    stands = told(till.asks(f"/reservations/{made['reservation']}"))
    assert (stands["card_number"], stands["state"]) == (keep, "open")
    before = api.cafe.balance(2)
    came = told(redeems(till, made), 201)
    assert (came["card_number"], came["balance"]) == (keep, before - 100)
    assert api.cafe.differences(1, 2) == []
    told(till.does("/redemptions/cancel", card_number=keep, action=came["action"]))
    assert undoes(api.cafe, 2).done
    stands = told(till.asks(f"/reservations/{kept['reservation']}"))
    assert (stands["card_number"], stands["state"]) == (other, "open")
    assert told(redeems(till, kept), 201)["balance"] == 150
    assert api.cafe.differences(1, 2) == []


@pytest.mark.parametrize("is_parted", [False, True])
def test_a_gift_in_hand_keeps_being_the_one_set_aside_on_a_card_that_had_gifts_before(
    api: Api, till: System, is_parted: bool
) -> None:
    other, keep = till.joins(), till.joins(another=True)
    promised(api.cafe, 1)
    promised(api.cafe, 2)
    asked: dict[str, Any] = {"reward": "welcome_back"}
    told(till.does("/redemptions", card_number=keep, voucher=1, **asked), 201)
    made = reserves(till, other, "welcome_back", voucher=1)
    assert merges(api.cafe, 2, 1).done

    # On that card it is the second.
    stands = told(till.asks(f"/reservations/{made['reservation']}"))
    assert (stands["card_number"], stands["voucher"]) == (keep, 2)
    assert no_to(till.does("/redemptions", card_number=keep, voucher=2, **asked)) == (
        "reward_reserved"
    )
    if is_parted:
        assert undoes(api.cafe, 2).done
        stands = told(till.asks(f"/reservations/{made['reservation']}"))
        assert (stands["card_number"], stands["voucher"]) == (other, 1)
    whose, n = (other, 1) if is_parted else (keep, 2)
    assert told(redeems(till, made), 201)["card_number"] == whose
    assert no_to(till.does("/redemptions", card_number=whose, voucher=n, **asked)) == (
        "voucher_gone"
    )
    assert api.cafe.differences(1, 2) == []


def test_a_gift_set_aside_is_the_same_again_whatever_the_other_card_was_given_meanwhile(
    api: Api, till: System
) -> None:
    other = till.joins()
    till.joins(another=True)
    promised(api.cafe, 1)
    promised(api.cafe, 2)
    api.cafe.passes(days=1)
    promised(api.cafe, 1, 2)
    api.cafe.passes(days=1)
    made = reserves(till, other, "welcome_back", voucher=2)
    assert merges(api.cafe, 2, 1).done
    path = f"/reservations/{made['reservation']}"
    assert told(till.asks(path))["voucher"] == 3
    promised(api.cafe, 2, 4)
    assert undoes(api.cafe, 2).done
    stands = told(till.asks(path))
    assert (stands["card_number"], stands["voucher"]) == (other, 2)
    assert told(redeems(till, made), 201)["card_number"] == other
    assert api.cafe.differences(1, 2) == []


def test_what_is_worth_much_waits_with_a_card_that_was_put_together_meanwhile(
    api: Api, till: System
) -> None:
    other = member_with(api, till, 450)
    till.joins(another=True)
    made = reserves(till, other, "off_500")
    assert merges(api.cafe, 2, 1).done
    held = told(redeems(till, made), 409)
    assert (held["code"], held["again_at"] > made["until"]) == ("reward_held", True)


def test_of_eight_at_once_one_has_the_last_points(api: Api, till: System) -> None:
    number = member_with(api, till, 150)
    ready = Barrier(8)
    tills = [api.system(store="ekimae") for _ in range(8)]

    def one(n: int) -> int:
        ready.wait()
        path = "/reservations" if n % 2 else "/redemptions"
        return tills[n].does(path, card_number=number, reward="cookie").status_code

    with ThreadPoolExecutor(8) as pool:
        came = sorted(pool.map(one, range(8)))
    assert came == [201] + [409] * 7
    assert api.cafe.differences(1) == []


def test_of_eight_at_once_one_hands_it_out(api: Api, till: System) -> None:
    number = member_with(api, till, 300)
    made = reserves(till, number)
    ready = Barrier(8)

    def one(_n: int) -> int:
        own = System(api.app.test_client(), till.token)
        ready.wait()
        return int(redeems(own, made, key=f"race-{_n}").status_code)

    with ThreadPoolExecutor(8) as pool:
        came = sorted(pool.map(one, range(8)))
    assert came == [201] + [409] * 7
    assert api.cafe.balance(1) == 150
    assert api.cafe.differences(1) == []
