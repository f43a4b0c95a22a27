"""What Square says, in whichever order and however often: the ledger is that of the same sales at
the counter."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from rules.orders.order import Order, OrderLine, OrderReturn, OrderReturnLine
from rules.orders.square import heard_of
from rules.orders.square_said import SquareOrder, SquareRefund, read_all, read_orders
from tests.conftest import FreshDatabase
from tests.handlers.actions.orders.sales import Message, messages_of
from tests.handlers.actions.orders.test_arrivals import START, stand_alike
from tests.square_shop import Said, SquareShop, line, paid_back, returned

#: Some are counted, some measured.
_QUANTITIES, _YEN = st.sampled_from(("1", "2", "3", "0.5", "2.25")), st.integers(0, 3_000)


@dataclass
class _Sale:
    """What happens to one order: as Square says it after each step, and as the counter has it."""

    draw: st.DrawFn
    name: str
    shop: SquareShop
    heard: list[Message] = field(default_factory=list)
    returns: list[OrderReturn] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)

    def happens(self) -> Order:
        draw, shop = self.draw, self.shop
        is_parcel = draw(st.booleans())
        self.lines = self._some_lines()
        shop.sells(self.name, *self.lines, state="OPEN")
        self._asked(self.name)
        if draw(st.booleans()):
            self.lines = self._some_lines()
            shop.edits(self.name, *self.lines)
            self._asked(self.name)
        shop.pays(self.name, closes=not is_parcel)
        sold = self._sold()
        self._asked(self.name)
        for step in range(draw(st.integers(0, 3))):
            self._comes_back(f"{self.name}-r{step}")
        if is_parcel:
            return self._ends(sold)
        return sold

    def _ends(self, sold: Order) -> Order:
        """A parcel is fetched, or cancelled."""
        if self.draw(st.booleans()):
            self.shop.cancels(self.name)
            sold = sold.model_copy(update={"cancelled_at": self.shop.now})
        else:
            self.shop.edits(self.name, *self.lines)
            self.shop.orders[self.name]["state"] = "COMPLETED"
        self._asked(self.name)
        return sold

    def _some_lines(self) -> list[Said]:
        kinds = st.sampled_from(("ITEM", "GIFT_CARD"))
        return [
            line(f"l{no}", self.draw(_YEN), self.draw(_QUANTITIES), item_type=self.draw(kinds))
            for no in range(self.draw(st.integers(1, 2)))
        ]

    def _sold(self) -> Order:
        lines = tuple(
            OrderLine(
                id=each["uid"],
                category="gift_card" if each["item_type"] == "GIFT_CARD" else "",
                quantity=1 if "." in each["quantity"] else int(each["quantity"]),
                yen=each["total_money"]["amount"],
                tax_yen=each["total_tax_money"]["amount"],
            )
            for each in self.lines
        )
        return Order(id=self.name, sold_at=self.shop.now, updated_at=self.shop.now, lines=lines)

    def _comes_back(self, name: str) -> None:
        """Some pieces, a part of what was measured, or money alone; it may come to nothing."""
        of = self.draw(st.sampled_from(self.lines))
        is_measured = "." in of["quantity"]
        yen = 0
        pieces: tuple[OrderReturnLine, ...] = ()
        match self.draw(st.sampled_from(("pieces", "part", "money"))):
            case "pieces":
                most = 1 if is_measured else int(of["quantity"])
                count = self.draw(st.integers(1, most))
                told = returned(of["uid"], 1, of["quantity"] if is_measured else str(count))
                pieces = (OrderReturnLine(line=of["uid"], quantity=count),)
            case "part" if is_measured:
                yen = self.draw(_YEN)
                told = returned(of["uid"], yen, "0.25")
            case _:
                yen = self.draw(_YEN)
                told = paid_back(yen)
        self.shop.takes_back(name, self.name, told)
        self._asked(name)
        came_to = self.draw(st.sampled_from(("PENDING", "COMPLETED", "FAILED")))
        if came_to != "PENDING":
            self.shop.refunded(name, came_to)
            self._asked(name, f"refund-{name}")
        # Where no money was paid back, none can fail to be.
        paid = told["total_money"]["amount"]
        if came_to != "FAILED" or not paid:
            self.returns.append(OrderReturn(id=name, at=self.shop.now, lines=pieces, yen=yen))

    def _asked(self, name: str, *refunds: str) -> None:
        """As the order is now; later it is asked for again, and is another one."""
        said = deepcopy(self.shop.orders)
        read = read_orders([said[name]])
        sources: list[SquareOrder] = []
        for each in read.orders:
            sources += read_orders([said[one] for one in each.sources]).orders
        money = read_all(SquareRefund, [dict(self.shop.refunds[each]) for each in refunds])
        heard = heard_of(read, sources, (), money)
        assert heard.problem is None
        self.heard += messages_of(heard)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Message], list[tuple[Order, list[OrderReturn]]]]:
    """What is heard, in any order and some of it again, and what really happened."""
    heard: list[Message] = []
    sold = []
    for no in range(draw(st.integers(1, 3))):
        begins = START + timedelta(days=draw(st.integers(0, 6)), hours=no, minutes=7 * no)
        sale = _Sale(draw, f"{no}", SquareShop(begins))
        sold.append((sale.happens(), sale.returns))
        heard += sale.heard
    again = draw(st.lists(st.sampled_from(heard), max_size=3)) if heard else []
    return draw(st.permutations([*heard, *again])), sold


def test_in_every_order_of_arrival_the_ledger_is_that_of_the_counter(
    fresh_database: FreshDatabase,
) -> None:
    stand_alike(fresh_database, days())
