"""Purchases and returns through the API."""

from typing import Any

import pytest

from bot.store.history import ledger
from bot.store.staff import flags
from handlers.actions.members.merge import MergeRequest, merge
from handlers.api.frame import rates
from tests.chance import TIMES, examples
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told
from tests.handlers.clubs import MANAGER
from tests.journeys.counting import counting

BEANS = {"item": "B-200", "name": "豆", "category": "beans", "quantity": 3, "yen": 3_000}
#: So many purchases in a soak; and how many of them between two minutes.
ROUNDS, IN_A_MINUTE = 20 if TIMES == 1 else 1_000, 150
GIFT = {"item": "G-1", "category": "gift_card", "yen": 500}


@pytest.fixture
def number(api: Api, till: System) -> str:
    """Somebody's card, on a day without a campaign."""
    joined = till.joins()
    api.cafe.passes(days=1)
    return joined


def buys(till: System, number: str, *lines: dict[str, Any], **more: Any) -> Any:
    return told(till.does("/purchases", code=number, lines=list(lines), **more), 201)


def test_lines_earn_without_what_never_counts_and_come_back_by_the_piece(
    api: Api, till: System, number: str
) -> None:
    before = api.cafe.balance(1)
    made = buys(till, number, BEANS, GIFT, total_yen=3_500)
    assert (made["card_number"], made["points"]) == (number, 30)
    path = f"/members/{number}/purchases/{made['purchase']}/returns"
    back = told(till.does(path, lines=[{"line": 1}, {"line": 2}]), 201)
    assert (back["yen"], back["points"]) == (1_500, -10)
    assert told(till.does(path, lines=[{"line": 1, "quantity": 3}]), 409)["code"] == "return_lines"
    for yen in (0, 1_000):
        no = till.does(path, lines=[{"line": 1, "quantity": 1}], yen=yen)
        assert told(no, 409)["code"] == "return_both"
    assert told(till.does(path), 201)["points"] == -20
    assert told(till.does(path), 409)["code"] == "return_again"
    assert api.cafe.balance(1) == before
    assert api.cafe.differences(1) == []


def test_a_receipt_without_lines_earns_once_by_its_number(
    api: Api, till: System, number: str
) -> None:
    sold: dict[str, Any] = {"code": number, "total_yen": 1_000, "receipt": "42"}
    assert told(till.does("/purchases", **sold), 201)["points"] == 10
    assert told(till.does("/purchases", **sold), 409)["code"] == "receipt_again"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lines": [BEANS], "total_yen": 2_999}, "lines_total"),
        ({"lines": [{"yen": 10, "tax_yen": 11}]}, "lines_tax"),
        ({"lines": [BEANS], "tax_yen": 222}, "lines_total"),
        ({"lines": [BEANS, GIFT], "excluded_yen": 300}, "lines_total"),
        ({"total_yen": 0}, "purchase_amount"),
        ({}, "purchase_amount"),
    ],
)
def test_what_does_not_add_up_is_refused(
    api: Api, till: System, number: str, more: dict[str, Any], code: str
) -> None:
    assert told(till.does("/purchases", code=number, **more), 409)["code"] == code


def test_a_request_that_comes_again_buys_and_brings_back_once(
    api: Api, till: System, number: str
) -> None:
    before = api.cafe.balance(1)
    for _ in range(2):
        made = told(till.does("/purchases", key="a", code=number, lines=[BEANS]), 201)
    path = f"/members/{number}/purchases/{made['purchase']}/returns"
    for _ in range(2):
        assert told(till.does(path, key="b", yen=1_000), 201)["points"] == -10
    assert api.cafe.balance(1) == before + 20


def test_a_key_of_another_store_brings_nothing_back(api: Api, till: System, number: str) -> None:
    made = buys(till, number, BEANS)
    other = api.system(store="kawabe")
    path = f"/members/{number}/purchases/{made['purchase']}/returns"
    assert told(other.does(path), 409)["code"] == "return_elsewhere"


def test_a_purchase_by_a_card_that_was_merged_is_none_of_the_keepers(
    api: Api, till: System, number: str
) -> None:
    other = till.joins("佐藤")
    mine, theirs = buys(till, number, BEANS), buys(till, other, BEANS)
    # Each history counts for itself.
    assert mine["purchase"] == theirs["purchase"]
    path = f"/members/{other}/purchases/{theirs['purchase']}/returns"
    back = told(till.does(path, key="before", yen=100), 201)
    with api.cafe.work(MANAGER, key="merge") as work:
        assert merge(work, MergeRequest(1, 2)).done
    before = api.cafe.balance(1)
    assert told(till.does(path), 409)["code"] == "merged"
    assert api.cafe.balance(1) == before
    assert told(till.does(path, key="before", yen=100), 201) == back


def test_a_purchase_that_was_refused_stays_so_under_its_key(till: System, number: str) -> None:
    told(till.does(f"/members/{number}/membership", state="left"))
    sold: dict[str, Any] = {"code": number, "total_yen": 1_000}
    assert told(till.does("/purchases", key="sold", **sold), 409)["code"] == "left"
    told(till.does(f"/members/{number}/membership", state="active"))
    assert told(till.does("/purchases", key="sold", **sold), 409)["code"] == "left"
    assert told(till.does("/purchases", **sold), 201)["points"] == 10


def test_what_the_lines_say_may_be_said_besides(api: Api, till: System, number: str) -> None:
    beans = BEANS | {"tax_yen": 222}
    made = buys(till, number, beans, GIFT, total_yen=3_500, tax_yen=222, excluded_yen=500)
    assert made["points"] == 30


def test_what_is_no_purchase_is_not_called_one_of_another_store(
    api: Api, till: System, number: str
) -> None:
    told(api.system(store="kawabe").does("/check-ins", code=number), 201)
    for no in (1, 2, 999):
        path = f"/members/{number}/purchases/{no}/returns"
        assert told(till.does(path), 409)["code"] == "return_unknown"


def test_goods_are_found_again_in_the_history(api: Api, till: System, number: str) -> None:
    made = buys(till, number, BEANS)
    path = f"/members/{number}/purchases/{made['purchase']}/returns"
    told(till.does(path, lines=[{"line": 1}]), 201)
    told(till.does("/check-ins", code=number), 201)
    entries = told(till.asks(f"/members/{number}/history"))["entries"]
    assert [(each["kind"], each["purchase"]) for each in entries][:3] == [
        ("visit", None),
        ("returned", made["purchase"]),
        ("purchase", made["purchase"]),
    ]


def test_bought_and_brought_back_many_times_it_ends_at_zero(
    api: Api, till: System, number: str
) -> None:
    before = api.cafe.balance(1)
    statements = []
    for _ in range(examples(60)):
        api.cafe.passes(minutes=1)
        with counting(api.cafe.store) as counted:
            made = buys(till, number, BEANS)
            path = f"/members/{number}/purchases/{made['purchase']}/returns"
            assert told(till.does(path, lines=[{"line": 1, "quantity": 3}]), 201)["yen"] == 3_000
        statements.append(len(counted.statements))
    facts = api.cafe.member(1).facts
    assert (facts.balance, facts.spend, facts.shortfall) == (before, 0, 0)
    # However often it was before, as much is asked of the database.
    assert max(statements[-5:]) <= statements[1] + 2
    assert api.cafe.differences(1) == []


@pytest.mark.soak
def test_a_thousand_purchases_that_all_came_back_leave_nothing(
    api: Api, till: System, number: str
) -> None:
    """Every other one in two parts, by its yen."""
    before = api.cafe.balance(1)
    for n in range(ROUNDS):
        api.cafe.passes(minutes=1)
        if n % IN_A_MINUTE == 0:
            # Another minute, by which the till's requests are counted.
            api.app.extensions.pop(rates._LIMITER, None)
        made = buys(till, number, BEANS)
        path = f"/members/{number}/purchases/{made['purchase']}/returns"
        if n % 2:
            assert told(till.does(path, yen=1_000), 201)["points"] == -10
        assert told(till.does(path), 201)["balance"] == before
    facts = api.cafe.member(1).facts
    assert (facts.balance, facts.spend, facts.shortfall) == (before, 0, 0)
    assert facts.counts.get("purchase", 0) == 0
    with api.cafe.store.read() as uow:
        assert ledger.balance(uow, 1) == (before, before)
    assert api.cafe.differences(1) == []


def test_the_owner_is_shown_an_amount_that_people_are_asked_about(
    api: Api, till: System, number: str
) -> None:
    buys(till, number, BEANS)
    made = buys(till, number, BEANS | {"yen": 30_000}, key="dear")
    assert buys(till, number, BEANS | {"yen": 30_000}, key="dear") == made
    with api.cafe.store.read() as uow:
        [seen] = (each for each in flags.page(uow, store="ekimae", limit=9) if each.place.store)
    assert (seen.kind, seen.details, seen.member_id) == ("amount", {"count": 30_000}, 1)
    assert (seen.place.store, seen.place.staff_id) == ("ekimae", None)
