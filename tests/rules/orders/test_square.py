"""What Square says, in the neutral form."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.orders.heard import HeardOrders
from rules.orders.lines import LINES_MAX
from rules.orders.order import Buyer, Order, OrderReturn
from rules.orders.square import GIFT_CARD, SERVICE_CHARGE, heard_of
from rules.orders.square_said import (
    SquareCustomer,
    SquareOrder,
    SquareRefund,
    read_all,
    read_orders,
)
from tests.square_shop import START, SquareShop, line, paid_back, returned, yen


def heard(shop: SquareShop, *names: str, refunds: Iterable[str] = ()) -> HeardOrders:
    """What is heard when those orders are asked for."""
    read = read_orders([shop.orders[each] for each in names])
    sources = read_orders(
        [shop.orders[one] for each in read.orders for one in each.sources if one in shop.orders]
    )
    return heard_of(
        read,
        sources.orders,
        read_all(SquareCustomer, shop.customers.values()),
        read_all(SquareRefund, (shop.refunds[each] for each in refunds)),
    )


def sale(shop: SquareShop, name: str = "O1") -> Order | None:
    found = heard(shop, name).orders
    return found[0].order if found else None


def back(shop: SquareShop, name: str, **more: Any) -> OrderReturn:
    (found,) = heard(shop, name, **more).returns
    return found.goods


def test_what_is_paid_at_the_till_is_sold_with_its_lines() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 2_200, "2", variation_name="200g"), reference_id="R-9")
    (found,) = heard(shop, "O1").orders
    told = found.order
    assert (found.place, told.id, told.number, told.version) == ("L-EKIMAE", "O1", "R-9", 2)
    assert told.sold_at == START + timedelta(seconds=2)
    (one,) = told.lines
    assert (one.id, one.item, one.name) == ("a", "ITEM-a", "名前a 200g")
    assert (one.quantity, one.yen, one.tax_yen, one.category) == (2, 2_200, 200, "")
    assert heard(shop, "O1").newest == START + timedelta(seconds=2)


def test_gift_cards_and_charges_are_told_from_goods_and_tips_never_count() -> None:
    shop = SquareShop()
    charges = [
        {"uid": "ship", "name": "送料", "total_money": yen(500), "total_tax_money": yen(45)},
        {"uid": "tip", "type": "AUTO_GRATUITY", "total_money": yen(100)},
        {"uid": "in", "treatment_type": "APPORTIONED_TREATMENT", "total_money": yen(50)},
    ]
    shop.sells("O1", line("card", 3_000, item_type="GIFT_CARD"), state="OPEN",
               service_charges=charges, total_tip_money=yen(200))  # fmt: skip
    shop.orders["O1"] |= {"total_money": yen(3_000 + 500 + 100 + 200)}
    shop.pays("O1")
    told = sale(shop)
    assert told is not None
    assert [(each.id, each.category, each.yen) for each in told.lines] == [
        ("card", GIFT_CARD, 3_000), ("ship", SERVICE_CHARGE, 500),
    ]  # fmt: skip


def test_what_is_apportioned_is_a_line_of_its_own_where_only_then_all_adds_up() -> None:
    shop = SquareShop()
    charge = {"uid": "in", "treatment_type": "APPORTIONED_TREATMENT", "total_money": yen(50)}
    for name, total, lines in (("O1", 1_000, ["a"]), ("O2", 1_050, ["a", "in"])):
        shop.sells(name, line("a", 1_000), state="OPEN", service_charges=[charge])
        shop.orders[name] |= {"total_money": yen(total)}
        shop.pays(name)
        told = sale(shop, name)
        assert told is not None
        assert [each.id for each in told.lines] == lines


def test_a_tip_may_stand_beside_the_total() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000), total_tip_money=yen(200))
    told = sale(shop)
    assert told is not None
    assert sum(each.yen for each in told.lines) == 1_000


def test_a_tab_is_not_sold_and_a_paid_parcel_is_before_it_is_fetched() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000), state="OPEN")
    assert sale(shop) is None
    shop.pays("O1", closes=False, status="AUTHORIZED")
    assert sale(shop) is None
    shop.pays("O1", closes=False)
    paid = sale(shop)
    shop.orders["O1"] |= {"state": "COMPLETED", "closed_at": "2026-01-09T10:00:00Z", "version": 9}
    fetched = sale(shop)
    assert paid is not None
    assert fetched is not None
    assert paid.sold_at == fetched.sold_at == START + timedelta(seconds=3)
    shop.sells("O2", line("a", 1_000), state="DRAFT")
    assert sale(shop, "O2") is None


def test_a_part_that_is_paid_is_not_sold_yet() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000), state="OPEN")
    shop.pays("O1", closes=False)
    shop.edits("O1", line("a", 1_000), line("b", 1))
    assert sale(shop) is None


def test_a_cancelled_order_says_so() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000), state="OPEN")
    shop.pays("O1", closes=False)
    shop.cancels("O1")
    told = sale(shop)
    assert told is not None
    assert told.cancelled_at == shop.now
    assert told.sold_at == START + timedelta(seconds=2)


def test_what_was_taken_out_of_an_order_costs_nothing() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 0, "0"))
    told = sale(shop)
    assert told is not None
    assert [(each.quantity, each.yen) for each in told.lines] == [(1, 0)]


def test_goods_come_back_by_an_order_that_names_the_first() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 3_000, "3"), line("b", 500))
    shop.takes_back("B1", "O1", returned("a", 2_000, "2"), returned("b", 500))
    said = heard(shop, "B1")
    assert said.orders == ()
    (found,) = said.returns
    assert (found.order_id, found.goods.id, found.goods.yen, found.goods.void) == (
        "O1", "B1", 0, False,
    )  # fmt: skip
    assert [(each.line, each.quantity) for each in found.goods.lines] == [("a", 2), ("b", 1)]


def test_an_amount_that_is_paid_back_names_no_goods() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 3_000, "3"))
    shop.takes_back("B1", "O1", paid_back(700))
    assert (back(shop, "B1").lines, back(shop, "B1").yen) == ((), 700)


def test_what_is_measured_comes_back_whole_or_by_what_it_cost() -> None:
    shop = SquareShop()
    shop.sells("O1", line("beans", 2_250, "2.25"))
    told = sale(shop)
    assert told is not None
    assert [(each.quantity, each.yen) for each in told.lines] == [(1, 2_250)]
    # One kilogram of them is a whole number, and not the whole line.
    shop.takes_back("B1", "O1", returned("beans", 1_000, "1"))
    assert (back(shop, "B1").lines, back(shop, "B1").yen) == ((), 1_000)
    shop.takes_back("B2", "O1", returned("beans", 2_250, "2.25000"))
    assert [(each.line, each.quantity) for each in back(shop, "B2").lines] == [("beans", 1)]
    assert back(shop, "B2").yen == 0
    # Half of something that was counted.
    shop.sells("O2", line("cake", 1_000, "2"))
    shop.takes_back("B3", "O2", returned("cake", 250, "0.5"))
    assert (back(shop, "B3").lines, back(shop, "B3").yen) == ((), 250)


def test_a_charge_comes_back_whole_or_by_its_amount_and_a_tip_not_at_all() -> None:
    shop = SquareShop()
    charges = [
        {"uid": "ship", "total_money": yen(500)},
        {"uid": "tip", "type": "AUTO_GRATUITY", "total_money": yen(100)},
    ]
    shop.sells("O1", line("a", 1_000), state="OPEN", service_charges=charges)
    shop.orders["O1"] |= {"total_money": yen(1_600)}
    shop.pays("O1")
    shop.takes_back("B1", "O1", returned("a", 1_000))

    def charged(amount: int) -> OrderReturn:
        of = [
            {"source_service_charge_uid": "ship", "total_money": yen(amount)},
            {"source_service_charge_uid": "tip", "total_money": yen(100)},
        ]
        shop.orders["B1"]["returns"][0]["return_service_charges"] = of
        return back(shop, "B1")

    assert [each.line for each in charged(500).lines] == ["a", "ship"]
    assert charged(500).yen == 0
    assert [each.line for each in charged(200).lines] == ["a"]
    assert charged(200).yen == 200


def test_an_exchange_is_a_sale_and_a_return() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("X1", "O1", returned("a", 1_000), line_items=[line("b", 1_200)])
    said = heard(shop, "X1")
    assert [(each.order.id, each.order.lines[0].yen) for each in said.orders] == [("X1", 1_200)]
    assert [(each.order_id, each.goods.id) for each in said.returns] == [("O1", "X1")]


def test_a_return_of_several_orders_is_one_of_each() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.sells("O2", line("a", 2_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    more = {"source_order_id": "O2", "return_line_items": [returned("a", 2_000)]}
    # And one of nobody knows what.
    shop.orders["B1"]["returns"] += [more, {"return_line_items": [returned("z", 5)]}]
    assert [each.order_id for each in heard(shop, "B1").returns] == ["O1", "O2"]


def test_what_comes_back_of_an_order_in_itself_counts_once() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 2_000, "2"))
    own = {"source_order_id": "O1", "return_line_items": [returned("a", 1_000)]}
    shop.orders["O1"]["returns"] = [own]
    assert [(each.line, each.quantity) for each in back(shop, "O1").lines] == [("a", 1)]
    # The lines say what is left: less than was paid.
    shop.edits("O1", line("a", 1_000))
    said = heard(shop, "O1")
    assert said.returns == ()
    assert said.orders[0].order.lines[0].yen == 1_000


def test_a_refund_that_fails_leaves_everything_as_it_was() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    assert not back(shop, "B1").void
    shop.refunded("B1", "FAILED")
    failed = back(shop, "B1", refunds=["refund-B1"])
    assert failed.void
    assert failed.updated_at == shop.now
    # Its order doesn't say so, and is older than that.
    stale = back(shop, "B1")
    assert not stale.void
    assert stale.updated_at is not None
    assert stale.updated_at < failed.updated_at
    shop.refunded("B1", "COMPLETED")
    assert not back(shop, "B1", refunds=["refund-B1"]).void


def test_of_two_refunds_one_that_fails_makes_nothing_void() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    shop.orders["B1"]["refunds"] = [
        {"id": "one", "status": "FAILED", "amount_money": yen(400)},
        {"id": "two", "status": "APPROVED", "amount_money": yen(600)},
    ]
    assert not back(shop, "B1").void
    shop.orders["B1"]["refunds"][1]["status"] = "REJECTED"
    assert back(shop, "B1").void


def test_a_return_that_was_not_finished_takes_nothing_back() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    for state in ("OPEN", "DRAFT", "CANCELED"):
        shop.orders["B1"]["state"] = state
        assert back(shop, "B1").void


def test_a_return_of_an_order_that_square_has_no_more_is_of_its_amount() -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    del shop.orders["O1"]
    assert (back(shop, "B1").lines, back(shop, "B1").yen) == ((), 1_000)


def test_the_buyer_is_who_the_order_names_else_who_paid() -> None:
    shop = SquareShop()
    shop.customer("C1", reference_id="4532015112", phone_number="+819012345678")
    shop.customer("C2", phone_number="090-0000-0000", email_address="x@example.com")
    shop.sells("O1", line("a", 1_000), customer_id="C1")
    shop.sells("O2", line("a", 1_000))
    shop.orders["O2"]["tenders"][0]["customer_id"] = "C2"
    shop.sells("O3", line("a", 1_000), customer_id="nobody any more")
    found = [each.order.buyer for each in heard(shop, "O1", "O2", "O3").orders]
    assert found == [
        Buyer(card="4532015112", phone="+819012345678"), Buyer(phone="090-0000-0000"), Buyer(),
    ]  # fmt: skip


def test_another_currency_or_a_sum_that_is_none_is_not_counted_and_stops_no_other() -> None:
    shop = SquareShop()
    for name in ("O1", "O2", "O3", "O4"):
        shop.sells(name, line("a", 1_000))
    shop.orders["O1"]["line_items"][0]["total_money"] = {"amount": 1_000, "currency": "USD"}
    shop.orders["O2"]["total_money"] = yen(999)
    shop.orders["O3"]["line_items"] = [line(str(no), 0) for no in range(LINES_MAX + 1)]
    said = heard(shop, "O1", "O2", "O3", "O4")
    assert [each.order.id for each in said.orders] == ["O4"]
    assert said.problem == "currency"
    assert heard(shop, "O2").problem == heard(shop, "O3").problem == "unreadable"
    # It was told of all the same, so that it isn't asked for over and over.
    assert heard(shop, "O2").newest == datetime.fromisoformat(shop.orders["O2"]["updated_at"])


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("1.5")


_NAMES = st.sampled_from(("uid", "quantity", "total_money", "amount", "source_order_id", "status"))
_VALUES = st.recursive(
    _SCALARS,
    lambda some: st.lists(some, max_size=2) | st.dictionaries(_NAMES, some),
    max_leaves=4,
)


@given(field=st.sampled_from(sorted(SquareOrder.model_fields)), inner=_NAMES, value=_VALUES)
def test_whatever_is_said_is_read_or_passed_over(field: str, inner: str, value: Any) -> None:
    shop = SquareShop()
    shop.sells("O1", line("a", 1_000), line("b", 10, "0.5"))
    shop.takes_back("B1", "O1", returned("a", 1_000), line_items=[line("b", 1)])
    for name in ("O1", "B1"):
        changed = shop.orders[name] | {field: value}
        deep = [_with(each, inner, value) for each in shop.orders[name].get("line_items", [])]
        for said in (changed, shop.orders[name] | {"line_items": deep}):
            read = read_orders([said, value])
            heard_of(read, read_orders([shop.orders["O1"]]).orders, (), ())


def _with(said: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return said | {name: value}
