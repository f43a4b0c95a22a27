"""Orders as Square tells them, in the neutral form.

Square sells by an order, and takes back by another one, whose `returns` name the first; an amount
that is paid back without goods makes such an order, too, with a line that names none of the first
(https://developer.squareup.com/docs/orders-api/order-returns-exchanges). So an order of theirs is a
sale, and a return of each order that something came back of; an exchange is both.
"""

from collections.abc import Iterable, Mapping

from ..base import YEN_MAX
from .heard import HeardOrder, HeardOrders, HeardReturn
from .lines import ITEM_MAX, NAME_MAX
from .order import ID_MAX, Buyer, Order, OrderLine, OrderReturn, OrderReturnLine
from .square_said import (
    NOT_REFUNDED,
    ReadOrders,
    SquareCharge,
    SquareCustomer,
    SquareLine,
    SquareOrder,
    SquareRefund,
    SquareReturn,
)

#: What lines belong to that aren't goods, by which a programme says that they never count.
GIFT_CARD, SERVICE_CHARGE = "gift_card", "service_charge"


def heard_of(
    read: ReadOrders,
    sources: Iterable[SquareOrder],
    customers: Iterable[SquareCustomer],
    refunds: Iterable[SquareRefund],
) -> HeardOrders:
    """All that those orders say. `sources`: those that something came back of, as far as Square
    still has them; `customers`: who bought, as far as they are known; `refunds`: what the Refunds
    API says of their money."""
    known = {each.id: each for each in (*sources, *read.orders)}
    buyers = {each.id: each.buyer for each in customers}
    money = tuple(refunds)
    sales = (sale_of(each, buyers.get(each.customer, Buyer())) for each in read.orders)
    return HeardOrders(
        orders=tuple(each for each in sales if each is not None),
        returns=tuple(back for each in read.orders for back in returns_of(each, known, money)),
        newest=read.newest,
        problem=read.problem,
    )


def sale_of(order: SquareOrder, buyer: Buyer) -> HeardOrder | None:
    """What was sold; None while nothing is, and where things only came back."""
    is_over = order.state == "CANCELED"
    lines = (*_goods(order.line_items), *_charges(order.charged))
    if not lines or not (order.is_sold or is_over):
        return None
    told = Order(
        id=order.id,
        number=order.reference_id[:ID_MAX],
        sold_at=order.sold_at,
        updated_at=order.updated_at,
        version=order.version,
        lines=lines,
        cancelled_at=(order.closed_at or order.updated_at) if is_over else None,
        buyer=buyer,
    )
    return HeardOrder(told, order.location_id)


def returns_of(
    order: SquareOrder, sources: Mapping[str, SquareOrder], refunds: Iterable[SquareRefund] = ()
) -> tuple[HeardReturn, ...]:
    """What came back by it. `sources`: the orders that it came back of, as far as Square still has
    them; `refunds`: what the Refunds API says of its money."""
    theirs = [each for each in refunds if each.order_id == order.id]
    is_void = not order.is_sold or _came_to_nothing(order, theirs)
    said_at = max([order.updated_at, *(each.updated_at for each in theirs if each.updated_at)])
    known = {**sources, order.id: order}
    found = []
    for each in order.returns:
        is_own = each.source_order_id == order.id
        # Where the lines say what is left already, more was paid than they come to.
        if not each.source_order_id or (is_own and order.paid_yen > order.total_money.amount):
            continue
        lines, yen = _back(each, known.get(each.source_order_id))
        goods = OrderReturn(
            id=order.id,
            at=order.created_at,
            updated_at=said_at,
            lines=lines,
            yen=yen,
            void=is_void,
        )
        found.append(HeardReturn(each.source_order_id, goods, order.location_id))
    return tuple(found)


def _goods(lines: Iterable[SquareLine]) -> list[OrderLine]:
    return [
        OrderLine(
            id=line.uid[:ID_MAX],
            item=line.catalog_object_id[:ITEM_MAX],
            name=f"{line.name} {line.variation_name}".strip()[:NAME_MAX],
            category=GIFT_CARD if line.item_type == "GIFT_CARD" else "",
            # What was measured is one piece, and what was taken out of the order costs nothing.
            quantity=line.pieces or 1,
            yen=line.total_money.amount,
            tax_yen=line.total_tax_money.amount,
        )
        for line in lines
    ]


def _charges(charges: Iterable[SquareCharge]) -> list[OrderLine]:
    return [
        OrderLine(
            id=charge.uid[:ID_MAX],
            item=charge.catalog_object_id[:ITEM_MAX],
            name=charge.name.strip()[:NAME_MAX],
            category=SERVICE_CHARGE,
            yen=charge.total_money.amount,
            tax_yen=charge.total_tax_money.amount,
        )
        for charge in charges
        # Tips never count.
        if not charge.is_tip
    ]


def _back(
    told: SquareReturn, source: SquareOrder | None
) -> tuple[tuple[OrderReturnLine, ...], int]:
    """The pieces that came back, and what was paid back besides: for a part of what was measured,
    and where no goods are named."""
    sold = {each.uid: each for each in source.line_items} if source else {}
    charged = {each.uid: each for each in source.service_charges} if source else {}
    lines, yen = [], 0
    for each in told.return_line_items:
        pieces = _pieces(each, sold.get(each.source_line_item_uid))
        if pieces:
            lines.append(OrderReturnLine(line=each.source_line_item_uid[:ID_MAX], quantity=pieces))
        else:
            yen += each.total_money.amount
    for charge in told.return_service_charges:
        of = charged.get(charge.source_service_charge_uid)
        if (of or charge).is_tip:
            continue
        if of is not None and of.uid and of.total_money == charge.total_money:
            lines.append(OrderReturnLine(line=of.uid[:ID_MAX]))
        else:
            yen += charge.total_money.amount
    return tuple(lines), min(yen, YEN_MAX)


def _pieces(back: SquareLine, sold: SquareLine | None) -> int | None:
    """How many pieces of that line came back; None where that isn't told by pieces."""
    if sold is None or not sold.uid:
        return None
    if sold.pieces is None:
        return 1 if back.quantity == sold.quantity else None
    return back.pieces


def _came_to_nothing(order: SquareOrder, refunds: Iterable[SquareRefund]) -> bool:
    """Whether all the money that was to be paid back stayed."""
    said = {each.id: each for each in (*order.refunds, *refunds)}
    failed = sum(each.amount_money.amount for each in said.values() if each.status in NOT_REFUNDED)
    whole = sum(each.amount_money.amount for each in order.refunds)
    return 0 < max(whole, order.return_amounts.total_money.amount) <= failed
