"""Orders through the API: told whole, again, late and by returns alone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.staff import flags
from handlers.actions.orders import settling
from handlers.actions.orders.slips import claim_slip
from handlers.actions.recording.outcome import outcome_of_refusal
from rules.base import Refusal
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told

LINES = [
    {"id": "beans", "item": "B-200", "category": "beans", "quantity": 2, "yen": 2_000},
    {"id": "shipping", "item": "shipping", "yen": 500},
]


@pytest.fixture
def number(api: Api, till: System) -> str:
    joined = till.joins()
    api.cafe.passes(days=1)
    return joined


def order(api: Api, **more: Any) -> dict[str, Any]:
    now = api.cafe.now.isoformat()
    return {"id": "A-1", "sold_at": now, "updated_at": now, "lines": LINES} | more


def test_an_order_is_told_changed_and_comes_back_in_part(
    api: Api, till: System, number: str
) -> None:
    before = api.cafe.balance(1)
    sold = order(api, buyer={"card": number}, total_yen=2_500)
    stands = told(till.does("/orders", **sold))
    assert (stands["card_number"], stands["points"], stands["claim_code"]) == (number, 25, None)
    assert (stands["waits"], stands["balance"]) == (None, before + 25)
    at = api.cafe.now.isoformat()
    back: dict[str, Any] = {"order": "A-1", "id": "r1", "at": at, "lines": [{"line": "beans"}]}
    assert told(till.does("/orders/returns", **back))["points"] == 15
    later = (api.cafe.now + timedelta(minutes=1)).isoformat()
    gone = sold | {"updated_at": later, "cancelled_at": later}
    assert told(till.does("/orders", **gone))["points"] == 0
    # An older word changes nothing.
    assert told(till.does("/orders", **sold))["balance"] == before
    assert api.cafe.differences(1) == []


def test_an_order_that_stands_nowhere_any_more_tells_what_the_buyer_has(
    api: Api, till: System, number: str
) -> None:
    before = api.cafe.balance(1)
    sold = order(api, buyer={"card": number})
    told(till.does("/orders", **sold))
    later = (api.cafe.now + timedelta(minutes=1)).isoformat()
    # Cancelled, and its lines are others too.
    gone = sold | {"updated_at": later, "cancelled_at": later, "lines": LINES[:1]}
    stands = told(till.does("/orders", **gone))
    assert (stands["points"], stands["purchase"], stands["balance"]) == (0, None, before)
    assert before > 0


def test_who_is_unknown_claims_it_by_the_code(api: Api, till: System, number: str) -> None:
    before = api.cafe.balance(1)
    stands = told(till.does("/orders", **order(api, buyer={"mail": "sakura@mail.example"})))
    assert (stands["card_number"], stands["purchase"]) == (None, None)
    with api.cafe.work("member", key="line:1") as work:
        assert claim_slip(work, 1, stands["claim_code"]).points == 25
    stands = told(till.does("/orders", **order(api)))
    assert (stands["card_number"], stands["claim_code"]) == (number, None)
    assert api.cafe.balance(1) == before + 25


def test_two_systems_may_call_an_order_the_same(api: Api, number: str) -> None:
    before = api.cafe.balance(1)
    for system in (api.system(store="ekimae"), api.system(store="kawabe")):
        assert told(system.does("/orders", **order(api, buyer={"card": number})))["points"] == 25
    assert api.cafe.balance(1) == before + 50


def test_a_number_that_each_store_counts_for_itself_changes_nothing_of_anothers(
    api: Api, number: str
) -> None:
    made = api.key(store="ekimae")
    here = System(api.app.test_client(), made.token)
    there = System(api.app.test_client(), api.key(store="kawabe", follows=made.key.id).token)
    sold = order(api, buyer={"card": number})
    told(here.does("/orders", key="here", **sold))
    before = api.cafe.balance(1)
    later = (api.cafe.now + timedelta(minutes=1)).isoformat()
    other = there.does(
        "/orders", key="there", **(sold | {"updated_at": later, "cancelled_at": later})
    )
    assert told(other, 409)["code"] == "order_elsewhere"
    goods: dict[str, Any] = {"order": "A-1", "id": "r", "at": later, "lines": [{"line": "beans"}]}
    no = there.does("/orders/returns", key="back-there", **goods)
    assert told(no, 409)["code"] == "order_elsewhere"
    assert api.cafe.balance(1) == before
    assert told(here.does("/orders/returns", key="back", **goods))["points"] == 15


def test_a_return_before_its_sale_leaves_the_sale_where_it_was(api: Api, number: str) -> None:
    office, at = api.system(), api.cafe.now.isoformat()
    goods: dict[str, Any] = {"order": "A-1", "id": "r", "at": at, "lines": [{"line": "beans"}]}
    told(office.does("/orders/returns", store="kawabe", **goods))
    stands = told(office.does("/orders", store="ekimae", **order(api, buyer={"card": number})))
    assert stands["points"] == 15
    bought = next(each for each in api.cafe.history(1) if each.seq == stands["purchase"])
    assert bought.activity.store == "ekimae"


def test_whatever_a_purchase_is_refused_for_the_order_waits_and_is_known(
    api: Api, till: System, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a late one is that something which was handed out since can't stand with."""
    sold = order(api, buyer={"card": number})
    with monkeypatch.context() as patched:
        no = Refusal("voucher_gone")
        patched.setattr(settling, "record_purchase", lambda *_: outcome_of_refusal(1, no))
        stands = told(till.does("/orders", **sold))
    assert (stands["card_number"], stands["purchase"]) == (number, None)
    assert stands["waits"] == "voucher_gone"
    at = api.cafe.now.isoformat()
    back: dict[str, Any] = {"order": "A-1", "id": "r1", "at": at, "lines": [{"line": "beans"}]}
    stands = told(till.does("/orders/returns", **back))
    assert (stands["points"], stands["waits"]) == (15, None)


def test_who_pauses_may_buy_all_the_same(till: System, api: Api, number: str) -> None:
    told(till.does(f"/members/{number}/membership", state="paused"))
    stands = told(till.does("/orders", **order(api, buyer={"card": number})))
    assert (stands["waits"], stands["points"]) == (None, 25)


def test_lines_that_do_not_add_up_are_refused_and_nothing_is_kept(
    api: Api, till: System, number: str
) -> None:
    sold = order(api, buyer={"card": number})
    assert told(till.does("/orders", **sold, total_yen=1), 409)["code"] == "lines_total"
    assert told(till.does("/orders", **sold, total_yen=2_500))["points"] == 25


def test_the_same_request_again_is_answered_the_same(api: Api, till: System, number: str) -> None:
    sold = order(api, buyer={"card": number})
    first = told(till.does("/orders", key="k", **sold))
    assert told(till.does("/orders", key="k", **sold)) == first
    other = till.does("/orders", key="k", **(sold | {"id": "A-2"}))
    assert told(other, 422)["code"] == "idempotency_key_reused"


def test_two_lines_of_one_name_are_refused(api: Api, till: System, number: str) -> None:
    for lines in (
        [{"id": "a", "yen": 100}, {"id": "a", "yen": 200}],
        # The second is called by its place.
        [{"id": "2", "yen": 100}, {"yen": 200}],
    ):
        sold = order(api, buyer={"card": number}, lines=lines)
        assert told(till.does("/orders", **sold), 409)["code"] == "lines_twice"


def test_a_word_of_a_day_that_is_yet_to_come_blocks_no_later_one(
    api: Api, till: System, number: str
) -> None:
    ahead = (api.cafe.now + timedelta(days=2)).isoformat()
    sold = order(api, buyer={"card": number})
    no = till.does("/orders", **(sold | {"updated_at": ahead}))
    assert told(no, 409)["code"] == "changed_ahead"
    back: dict[str, Any] = {"order": "A-1", "id": "r", "at": ahead, "lines": [{"line": "beans"}]}
    assert told(till.does("/orders/returns", **back), 409)["code"] == "changed_ahead"
    assert told(till.does("/orders", **sold, returns=[{"id": "r", "at": ahead}]), 409)
    # A clock that is some minutes ahead does no harm.
    soon = (api.cafe.now + timedelta(minutes=5)).isoformat()
    assert told(till.does("/orders", **(sold | {"updated_at": soon})))["points"] == 25


def test_the_owner_is_shown_an_order_of_much_once_for_each_amount(
    api: Api, till: System, number: str
) -> None:
    sold = order(api, buyer={"card": number})
    told(till.does("/orders", **sold))
    for minutes, yen in ((1, 30_000), (2, 90_000), (3, 90_000)):
        at = (api.cafe.now + timedelta(minutes=minutes)).isoformat()
        line = {"id": "beans", "yen": yen}
        told(till.does("/orders", **sold | {"updated_at": at, "lines": [line]}))
    with api.cafe.store.read() as uow:
        found = [each for each in flags.page(uow, store="ekimae", limit=9) if each.kind == "amount"]
    assert [each.details["count"] for each in found] == [90_000, 30_000]
    assert {each.place.store for each in found} == {"ekimae"}


def test_a_return_too_many_is_refused_and_nothing_of_it_is_kept(
    api: Api, till: System, number: str
) -> None:
    def back(name: str) -> dict[str, Any]:
        return {"id": name, "at": api.cafe.now.isoformat(), "yen": 1}

    returns = [back(f"r{no:03}") for no in range(200)]
    sold = order(api, buyer={"card": number}, returns=returns)
    stands = told(till.does("/orders", **sold))
    assert told(till.does("/orders/returns", order="A-1", **back("r000"))) == stands
    for late in ("r200", "a"):
        no = till.does("/orders/returns", order="A-1", **back(late))
        assert told(no, 409)["code"] == "returns_many"
    later = (api.cafe.now + timedelta(minutes=1)).isoformat()
    more = sold | {"updated_at": later, "returns": [back("a")]}
    assert told(till.does("/orders", **more), 409)["code"] == "returns_many"
    assert api.cafe.balance(1) == stands["balance"]
    assert told(till.does("/orders", **sold, key="again")) == stands
