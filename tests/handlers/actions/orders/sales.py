"""Sales of a shop elsewhere, as it tells us of them."""

from datetime import timedelta

from handlers.actions.orders.receiving import OrderOutcome, Seller, receive_order, receive_return
from rules.orders.heard import HeardOrder, HeardOrders
from rules.orders.order import Buyer, Order, OrderLine, OrderReturn, OrderReturnLine
from tests.handlers.clubs import SmallClub

SHOP = Seller("shopify", "ekimae")
Message = Order | tuple[str, OrderReturn]


def tells(cafe: SmallClub, *messages: Message) -> OrderOutcome:
    """How the order of the last message stands."""
    outcome = OrderOutcome()
    for message in messages:
        with cafe.work("api") as work:
            if isinstance(message, Order):
                outcome = receive_order(work, SHOP, message)
            else:
                outcome = receive_return(work, SHOP, *message)
    return outcome


def number(cafe: SmallClub, member: int) -> str:
    return cafe.member(member).number


def order(cafe: SmallClub, member: int | None = None, yen: int = 1_000, **more: object) -> Order:
    """A sale of this moment: two pieces of one thing, and a gift card that never counts."""
    lines = (
        OrderLine(id="beans", item="B-200", category="beans", quantity=2, yen=yen),
        OrderLine(id="gift", item="G-1", category="gift_card", yen=500),
    )
    told: dict[str, object] = {
        "id": "1001", "number": "#1001", "sold_at": cafe.now, "updated_at": cafe.now,
        "lines": lines, "buyer": Buyer(card=number(cafe, member)) if member else Buyer(),
    }  # fmt: skip
    return Order.model_validate(told | more)


def later(told: Order, **more: object) -> Order:
    """The same order, changed a minute after."""
    return told.model_copy(update={"updated_at": told.updated_at + timedelta(minutes=1)} | more)


def back(cafe: SmallClub, name: str, line: str = "beans", quantity: int = 1) -> OrderReturn:
    goods = (OrderReturnLine(line=line, quantity=quantity),)
    return OrderReturn(id=name, at=cafe.now, lines=goods)


def replace_yen(line: OrderLine, yen: int) -> OrderLine:
    return line.model_copy(update={"yen": yen})


def messages_of(heard: HeardOrders) -> list[Message]:
    """What an adapter made of what a system said."""
    return [
        each.order if isinstance(each, HeardOrder) else (each.order_id, each.goods)
        for each in heard.told
    ]
