"""What Shopify says, in whichever order and however often: the ledger is that of the same sales at
the counter."""

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from bot.sellers.adapter import Notice, SellerLogin
from bot.sellers.shopify import Shopify
from rules.orders.order import Order, OrderLine, OrderReturn
from tests.conftest import FreshDatabase
from tests.handlers.actions.orders.sales import Message, messages_of
from tests.handlers.actions.orders.test_arrivals import stand_alike, stories

_LOGIN = SellerLogin("kissaten.myshopify.com", "", "secret", "token")


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Message], list[tuple[Order, list[OrderReturn]]]]:
    """What is heard, in any order and some of it again, and what really happened."""
    heard: list[Message] = []
    sold = []
    for no in range(1, draw(st.integers(1, 3)) + 1):
        told, state, returns = draw(stories(no))
        is_with_tax = draw(st.booleans())
        for said in _said(told, draw(st.booleans()), taxes_included=is_with_tax):
            body = json.dumps(said).encode()
            heard += messages_of(Shopify().heard(_LOGIN, Notice({}, body, "")))
        sold.append((state, returns))
    again = draw(st.lists(st.sampled_from(heard), max_size=3))
    return draw(st.permutations([*heard, *again])), sold


def _said(
    told: Iterable[Message], is_unpaid: bool, *, taxes_included: bool
) -> Iterable[dict[str, Any]]:
    """Shopify's messages of an order: it has all refunds in it that there were by then, and each is
    told by itself, too. Some are paid for only after a while."""
    refunds: list[dict[str, Any]] = []
    for each in told:
        if isinstance(each, tuple):
            refunds.append(_refund(int(each[0]), each[1]))
            yield refunds[-1]
        else:
            order = _order(each, refunds, taxes_included)
            if is_unpaid:
                yield order | {"financial_status": "pending", "cancelled_at": None}
                is_unpaid = False
                order["updated_at"] = order["updated_at"].replace(":00+", ":01+")
            yield order


def _order(told: Order, refunds: list[dict[str, Any]], taxes_included: bool) -> dict[str, Any]:
    at = told.sold_at.isoformat()
    return {
        "id": int(told.id), "name": f"#{told.id}", "created_at": at, "processed_at": at,
        "updated_at": told.updated_at.isoformat(), "currency": "JPY", "financial_status": "paid",
        "cancelled_at": told.cancelled_at.isoformat() if told.cancelled_at else None,
        "taxes_included": taxes_included, "refunds": list(refunds),
        "line_items": [_line(each, taxes_included) for each in told.lines],
    }  # fmt: skip


def _line(line: OrderLine, taxes_included: bool) -> dict[str, Any]:
    """As dear as the line for each piece, less a discount for all but one; a tenth of it is tax."""
    tax = line.yen // 10
    paid = line.yen if taxes_included else line.yen - tax
    discount = line.yen * line.quantity - paid
    return {
        "id": _line_id(line.id), "sku": line.item, "quantity": line.quantity,
        "price": f"{line.yen}.00", "gift_card": line.category == "gift_card",
        "discount_allocations": [{"amount": f"{discount}.00"}], "tax_lines": [{"price": f"{tax}"}],
    }  # fmt: skip


def _refund(order_id: int, goods: OrderReturn) -> dict[str, Any]:
    """Whatever the pieces were worth there; besides is what moved beyond that."""
    worth = 100 * len(goods.lines)
    return {
        "id": int(goods.id.removeprefix("r")) + 1, "order_id": order_id,
        "created_at": goods.at.isoformat(), "processed_at": goods.at.isoformat(),
        "refund_line_items": [
            {"line_item_id": _line_id(each.line), "quantity": each.quantity, "subtotal": 100.0}
            for each in goods.lines
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": f"{goods.yen + worth}.00"}
        ],
    }  # fmt: skip


def _line_id(name: str) -> int:
    return int(name.removeprefix("l")) + 1


def test_in_every_order_of_arrival_the_ledger_is_that_of_the_counter(
    fresh_database: FreshDatabase,
) -> None:
    stand_alike(fresh_database, days())
