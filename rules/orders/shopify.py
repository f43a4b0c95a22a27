"""How Shopify's orders and refunds are told in the neutral form.

What is removed by an edit stays in `line_items` there and makes a refund, so lines are taken as
they were sold, and refunds as what went back.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from ..characters import one_width
from .heard import HeardOrder, HeardOrders, HeardReturn
from .lines import ITEM_MAX, NAME_MAX
from .order import Buyer, Order, OrderLine, OrderReturn, OrderReturnLine
from .shopify_said import (
    ShopifyAmount,
    ShopifyLine,
    ShopifyOrder,
    ShopifyRefund,
    ShopifyShipping,
    ShopifyTax,
)

CURRENCY = "JPY"
#: Only what is paid for whole is sold: what is but authorized, or awaits a payment, isn't yet.
_SOLD = frozenset({"paid", "partially_refunded", "refunded"})
#: What a cart's field or a tag is called that says the card's number.
CARD_NAMES = ("kayoi_card", "会員番号", "会員カード", "カード番号", "card_number", "member_number")
#: Under which item goods that never count are named in a programme.
SHIPPING, GIFT_CARD = "shipping", "gift_card"


def heard_order(told: ShopifyOrder) -> HeardOrders:
    """What an order comes to. One in another currency isn't counted; one that isn't paid yet tells
    no more than what went back of it; a test isn't told at all."""
    if told.test:
        return HeardOrders(newest=told.updated_at)
    if told.currency != CURRENCY:
        return HeardOrders(newest=told.updated_at, problem="currency")
    returns = tuple(_return(each, told) for each in told.refunds)
    lines = (*_goods(told), *_postage(told))
    is_sold = told.financial_status in _SOLD or told.cancelled_at is not None
    if not is_sold or not lines:
        alone = (HeardReturn(str(told.id), each, _place(told)) for each in returns)
        return HeardOrders(returns=tuple(alone), newest=told.updated_at)
    order = Order(
        id=str(told.id),
        number=told.name[:100],
        sold_at=told.processed_at or told.created_at,
        updated_at=told.updated_at,
        lines=lines,
        cancelled_at=told.cancelled_at,
        buyer=_buyer(told),
        returns=returns,
    )
    return HeardOrders((HeardOrder(order, _place(told)),), newest=told.updated_at)


def heard_refund(told: ShopifyRefund) -> HeardOrders:
    """What a refund that is told by itself comes to: the pieces. What was paid back besides follows
    from the order, which is asked for; whatever the order says is newer."""
    at = told.processed_at or told.created_at
    goods = OrderReturn(
        id=str(told.id),
        at=at,
        updated_at=min(at, told.created_at) - timedelta(seconds=1),
        lines=_pieces(told),
    )
    order_id = str(told.order_id)
    return HeardOrders(returns=(HeardReturn(order_id, goods),), hints=(order_id,))


def _place(told: ShopifyOrder) -> str:
    """Where it was sold, at a till of theirs; online there is none."""
    return str(told.location_id) if told.location_id else ""


def _goods(told: ShopifyOrder) -> Iterator[OrderLine]:
    for line in told.line_items:
        if line.quantity < 1:
            continue
        before = line.price * line.quantity
        yen, tax = _paid(before, line.discount_allocations, line.tax_lines, told.taxes_included)
        yield OrderLine(
            id=str(line.id),
            item=_item(line),
            name=" ".join(each for each in (line.title, line.variant_title) if each)[:NAME_MAX],
            category=GIFT_CARD if line.gift_card else "",
            quantity=line.quantity,
            yen=yen,
            tax_yen=tax,
        )


def _postage(told: ShopifyOrder) -> Iterator[OrderLine]:
    for line in told.shipping_lines:
        if line.is_removed:
            continue
        yen, tax = _paid(line.price, line.discount_allocations, line.tax_lines, told.taxes_included)
        if yen:
            yield OrderLine(
                id=_shipping_id(line), item=SHIPPING, name=line.title[:NAME_MAX], yen=yen,
                tax_yen=tax,
            )  # fmt: skip


def _shipping_id(line: ShopifyShipping) -> str:
    return f"shipping-{line.id}"


def _item(line: ShopifyLine) -> str:
    return line.sku[:ITEM_MAX] or str(line.variant_id or line.product_id or "")


def _paid(
    before: Decimal,
    discounts: Iterable[ShopifyAmount],
    taxes: Iterable[ShopifyTax],
    taxes_included: bool,
) -> tuple[int, int]:
    """What was paid for a line, with tax, and the tax in it."""
    net = before - sum((each.amount for each in discounts), Decimal(0))
    tax = sum((each.price for each in taxes), Decimal(0))
    yen = max(_yen(net if taxes_included else net + tax), 0)
    return yen, min(max(_yen(tax), 0), yen)


def _yen(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))


def _return(told: ShopifyRefund, of: ShopifyOrder) -> OrderReturn:
    """As the order says it. Paid back besides the pieces is what moved beyond their worth: postage,
    or an apology."""
    pieces = [each for each in told.refund_line_items if each.quantity > 0]
    worth = sum((each.subtotal for each in pieces), Decimal(0))
    if not of.taxes_included:
        worth += sum((each.total_tax for each in pieces), Decimal(0))
    moved = (
        each.amount
        for each in told.transactions
        if each.kind == "refund" and each.status in ("success", "pending")
        and each.currency in ("", CURRENCY)
    )  # fmt: skip
    besides = sum(moved, Decimal(0)) - worth
    return OrderReturn(
        id=str(told.id),
        at=told.processed_at or told.created_at,
        updated_at=of.updated_at,
        lines=_pieces(told),
        yen=max(_yen(besides), 0),
    )


def _pieces(told: ShopifyRefund) -> tuple[OrderReturnLine, ...]:
    return tuple(
        OrderReturnLine(line=str(each.line_item_id), quantity=each.quantity)
        for each in told.refund_line_items
        if each.quantity > 0
    )


def _buyer(told: ShopifyOrder) -> Buyer:
    """By the card's number that a field or a tag says, and by a telephone of the customer's own:
    that of a delivery is another person's where somebody gives a present."""
    phones = (
        told.customer.phone,
        told.phone,
        told.billing_address.phone if told.billing_address else told.shipping_address.phone,
        told.customer.default_address.phone,
    )
    phone = next((each for each in phones if each.strip()), "")
    return Buyer(card=_card(told)[:200], phone=phone[:40])


def _card(told: ShopifyOrder) -> str:
    fields = ((each.name, str(each.value)) for each in told.note_attributes)
    tagged = one_width(f"{told.tags},{told.customer.tags}").split(",")
    tags = (each.partition(":")[::2] for each in tagged)
    for name, value in (*fields, *tags):
        if _plain(name) in CARD_NAMES and value.strip():
            return value.strip()
    return ""


def _plain(name: str) -> str:
    return one_width(name).strip().casefold().replace(" ", "_").replace("-", "_")
