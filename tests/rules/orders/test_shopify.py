"""What Shopify's messages come to; the example is Shopify's own."""

from typing import Any

import pytest

from rules.orders.heard import HeardOrders
from rules.orders.order import Buyer, Order, OrderReturnLine
from rules.orders.shopify import heard_order, heard_refund
from rules.orders.shopify_said import ShopifyOrder, ShopifyRefund
from tests.rules.orders.shopify_example import in_dollars, in_yen


def heard(**more: Any) -> HeardOrders:
    return heard_order(ShopifyOrder.model_validate(in_yen(**more)))


def only(**more: Any) -> Order:
    (found,) = heard(**more).orders
    return found.order


def test_the_published_order_comes_to_what_was_paid_for_it() -> None:
    order = only()

    # 199.00 - 3.34 or 3.33 of the discount + 3.98 of tax, each.
    assert [(each.item, each.yen, each.tax_yen) for each in order.lines] == [
        ("IPOD2008GREEN", 19_964, 398),
        ("IPOD2008RED", 19_965, 398),
        ("IPOD2008BLACK", 19_965, 398),
    ]
    # "total_price": "598.94"
    assert sum(each.yen for each in order.lines) == 59_894
    assert (order.id, order.number) == ("450789469", "#1001")
    assert order.sold_at.isoformat() == "2008-01-10T11:00:00-05:00"


def test_the_published_refund_takes_two_pieces_back_and_nothing_besides() -> None:
    (back,) = only().returns

    assert back.lines == (
        OrderReturnLine(line="703073504", quantity=1),
        OrderReturnLine(line="466157049", quantity=1),
    )
    # 209.00 were paid back for pieces of 399.29.
    assert back.yen == 0


def test_with_tax_in_the_prices_nothing_is_added() -> None:
    order = only(taxes_included=True)

    assert [(each.yen, each.tax_yen) for each in order.lines] == [
        (19_566, 398), (19_567, 398), (19_567, 398),
    ]  # fmt: skip


def test_dollars_are_not_counted_and_said_to_be_a_problem() -> None:
    found = heard_order(ShopifyOrder.model_validate(in_dollars()))

    assert (found.told, found.problem) == ((), "currency")
    assert found.newest is not None


def test_a_test_order_is_not_told() -> None:
    assert heard(test=True).told == ()


@pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid", "voided", "expired"])
def test_what_is_not_paid_for_is_not_sold_yet_but_what_went_back_is_told(status: str) -> None:
    found = heard(financial_status=status)

    assert found.orders == ()
    assert [each.goods.id for each in found.returns] == ["509562969"]


@pytest.mark.parametrize("status", ["paid", "partially_refunded", "refunded"])
def test_what_is_paid_for_is_sold(status: str) -> None:
    assert only(financial_status=status).cancelled_at is None


def test_what_is_cancelled_is_told_whatever_was_paid() -> None:
    at = "2026-12-01T09:00:00+09:00"

    assert only(financial_status="voided", cancelled_at=at).cancelled_at is not None


def test_postage_is_a_line_of_its_own_unless_it_is_free_or_taken_away() -> None:
    post = {"id": 7, "title": "宅配便", "price": "550", "tax_lines": [{"price": "50"}]}
    gone = {**post, "id": 8, "is_removed": True}

    order = only(shipping_lines=[post, gone], taxes_included=True)

    assert [
        (each.id, each.yen, each.tax_yen) for each in order.lines if each.item == "shipping"
    ] == [("shipping-7", 550, 50)]


def test_what_is_paid_back_beyond_the_pieces_worth_is_yen_besides() -> None:
    refund = in_yen()["refunds"][0]
    refund["transactions"][0]["amount"] = "40479"
    failed = {**refund["transactions"][0], "status": "failure"}
    refund["transactions"].append(failed)

    (back,) = only(refunds=[refund]).returns

    # The pieces, of which each has 398 of tax, were worth 39,929.
    assert back.yen == 550


def test_a_refund_by_itself_says_the_pieces_and_asks_for_the_order() -> None:
    found = heard_refund(ShopifyRefund.model_validate(in_yen()["refunds"][0]))

    (told,) = found.returns
    assert (told.order_id, told.goods.yen, len(told.goods.lines)) == ("450789469", 0, 2)
    assert found.hints == ("450789469",)


def test_a_gift_card_is_of_its_own_category() -> None:
    line = {**in_yen()["line_items"][0], "gift_card": True, "sku": None}

    (sold,) = only(line_items=[line]).lines

    assert (sold.category, sold.item) == ("gift_card", "39072856")


@pytest.mark.parametrize(
    "where",
    [
        {"note_attributes": [{"name": "Kayoi Card", "value": "4532 0151 12"}]},
        {"note_attributes": [{"name": "会員番号", "value": "4532 0151 12"}]},
        {
            "note_attributes": [{"name": "gift", "value": True}],
            "tags": "VIP, kayoi_card:4532 0151 12",
        },
        {"customer": {"tags": "会員番号：4532 0151 12"}},
    ],
)
def test_the_card_stands_in_a_field_of_the_cart_or_in_a_tag(where: dict[str, Any]) -> None:
    assert only(**where).buyer.card == "4532 0151 12"


@pytest.mark.parametrize(
    ("more", "phone"),
    [
        ({}, "+16136120707"),
        ({"customer": None}, "+557734881234"),
        ({"customer": None, "phone": None}, "+1(502)-459-2181"),
        ({"customer": None, "phone": None, "billing_address": {"phone": None}}, ""),
    ],
)
def test_the_telephone_is_the_customer_s_own_and_not_that_of_who_gets_a_present(
    more: dict[str, Any], phone: str
) -> None:
    assert only(**more).buyer == Buyer(phone=phone)


def test_a_till_s_place_is_told() -> None:
    (found,) = heard(location_id=655441491).orders

    assert found.place == "655441491"
