"""Orders: what a till or web shop sold, told again whenever it changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from bot.store import UnitOfWork
from bot.store.members import members
from handlers.actions.members.one_time_codes import readable
from handlers.actions.orders.receiving import (
    ORDER_OUTCOME,
    OrderOutcome,
    Seller,
    receive_order,
    receive_return,
)
from handlers.actions.recording.idempotency import once_for
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.orders.lines import LINES_MAX
from rules.orders.order import (
    ID_MAX,
    RETURNS_MAX,
    Buyer,
    Order,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
)

from ..frame.current import api_work, asking
from ..frame.doors import does
from ..frame.goods import LineTold, Pieces, Yen
from ..frame.models import AnswerPart, Moment, Name, RequestPart, utc
from ..frame.problems import Trouble, refuse
from ..frame.subjects import store_of

OrderIdText = Annotated[
    str, Field(min_length=1, max_length=ID_MAX, pattern=r"^[^\x00]*\S[^\x00]*$")
]
_TEXT = r"^[^\x00]*$"


class BuyerTold(RequestPart):
    """Who bought it. The first that leads to a member counts."""

    card: Annotated[str, Field(max_length=200, pattern=_TEXT)] = Field(
        "", description="The card's number, or what its QR or barcode says."
    )
    phone: Annotated[str, Field(max_length=40, pattern=_TEXT)] = Field(
        "", description="In any spelling; it counts where only one member has it."
    )
    mail: Annotated[str, Field(max_length=254, pattern=_TEXT)] = Field(
        "", description="Leads to nobody: members have no mail address here. It isn't kept."
    )


class OrderLineTold(LineTold):
    """A line of an order as it was sold; what is brought back stays in it."""

    id: Annotated[str, Field(max_length=ID_MAX, pattern=_TEXT)] = Field(
        "",
        description='What you call it, for returns; its place, from "1" on, if left away. No two '
        "lines of an order have the same.",
    )


class OrderReturnLineTold(RequestPart):
    """Pieces of a line that came back."""

    line: OrderIdText = Field(description="The line's id.")
    quantity: Pieces = 1


class OrderReturnTold(RequestPart):
    """A return of an order: pieces of its lines, and what was paid back besides."""

    id: OrderIdText
    at: Moment
    updated_at: Moment | None = Field(None, description="The newest word on a return counts.")
    lines: Annotated[list[OrderReturnLineTold], Field(max_length=LINES_MAX)] = Field([])
    yen: Yen = Field(0, description="Paid back besides the lines.")
    void: bool = Field(False, description="Whether it came to nothing after all.")

    def told(self) -> OrderReturn:
        lines = tuple(
            OrderReturnLine(line=each.line, quantity=each.quantity) for each in self.lines
        )
        return OrderReturn(
            id=self.id,
            at=utc(self.at),
            updated_at=utc(self.updated_at) if self.updated_at else None,
            lines=lines,
            yen=self.yen,
            void=self.void,
        )


class OrderTold(RequestPart):
    """An order as it is now. Tell it whole, again whenever it changes, in whichever order."""

    id: OrderIdText = Field(description="What you call it; the same each time.")
    number: Annotated[str, Field(max_length=ID_MAX, pattern=_TEXT)] = Field(
        "", description="What the buyer reads on it."
    )
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )
    sold_at: Moment
    updated_at: Moment = Field(
        description="When it changed last: of two messages the newer counts. A day ahead at most."
    )
    version: Annotated[int, Field(ge=0, le=2**53)] = Field(
        0, description="A number that grows with each change, if you have one: it counts first."
    )
    lines: Annotated[list[OrderLineTold], Field(min_length=1, max_length=LINES_MAX)]
    total_yen: Yen | None = Field(None, description="What the lines must come to, to be sure.")
    points_used_yen: Yen = Field(0, description="What was paid with points.")
    cancelled_at: Moment | None = None
    buyer: BuyerTold = BuyerTold()
    returns: Annotated[list[OrderReturnTold], Field(max_length=RETURNS_MAX)] = Field(
        [], description="All that came back by now; each may also be told by itself."
    )

    def told(self) -> Order:
        plain = self.model_dump(include={"id", "number", "version", "total_yen", "points_used_yen"})
        lines = tuple(OrderLine(**each.line().model_dump(), id=each.id) for each in self.lines)
        return Order(
            **plain,
            sold_at=utc(self.sold_at),
            updated_at=utc(self.updated_at),
            lines=lines,
            cancelled_at=utc(self.cancelled_at) if self.cancelled_at else None,
            buyer=Buyer(**self.buyer.model_dump()),
            returns=tuple(each.told() for each in self.returns),
        )


class OrderReturnAlone(OrderReturnTold):
    """A return that is told by itself, also before its order is."""

    order: OrderIdText = Field(description="The order's id.")
    store: Name | None = None


class OrderStands(AnswerPart):
    """How an order stands now."""

    card_number: str | None = Field(description="Whose it is; null where nobody is known.")
    purchase: int | None = Field(
        description="Its number in their history, another one after an edit; null where in none."
    )
    points: int = Field(description="The points that it has brought by now.")
    balance: int = Field(description="The buyer's points afterwards; 0 where nobody is known.")
    claim_code: str | None = Field(
        description="While it is nobody's: print or mail it, and whoever sends it to the shop's "
        "LINE account within 30 days has the points."
    )
    waits: str | None = Field(
        description="Why it couldn't be put into a history: left, no_purchases, merged, "
        "order_undone or order_over; others may come."
    )


#: So far a clock elsewhere may be ahead of ours.
_AHEAD_MAX = timedelta(days=1)
#: Why a message isn't taken at all. Whatever else is in the way of an order, it waits for that.
_NOT_TAKEN = (
    "lines_none", "lines_many", "lines_tax", "lines_total", "purchase_amount", "order_elsewhere",
    "returns_many", "erased", "changed_ahead",
)  # fmt: skip


@does(
    "/orders", OrderStands, "purchases",
    *_NOT_TAKEN, "lines_twice", "store_missing", "store_unknown",
    found=False,
)  # fmt: skip
def tell_order(json: OrderTold) -> OrderStands:
    """Tell an order, as it is now.

    Repeats and older messages change nothing. Whatever the order in which they come, the points are
    those of the same sales at the counter, as of when they were sold.
    """
    with api_work() as work:
        order, seller = json.told(), _seller(work, json.store)
        _refuse_twice(order)
        _refuse_ahead(work, order.updated_at, *(_said_at(each) for each in order.returns))
        return _told(work, json, lambda: receive_order(work, seller, order))


@does(
    "/orders/returns", OrderStands, "purchases",
    *_NOT_TAKEN, "store_missing", "store_unknown",
    found=False,
)  # fmt: skip
def tell_order_return(json: OrderReturnAlone) -> OrderStands:
    """Tell a return of an order by itself.

    It may come before its order.
    """
    with api_work() as work:
        goods, seller = json.told(), _seller(work, json.store)
        _refuse_ahead(work, _said_at(goods))
        return _told(work, json, lambda: receive_return(work, seller, json.order, goods))


def _said_at(goods: OrderReturn) -> datetime:
    return goods.updated_at or goods.at


def _refuse_twice(order: Order) -> None:
    """A return couldn't say which of two lines it is of."""
    ids = [each.id or str(place) for place, each in enumerate(order.lines, 1)]
    if len(set(ids)) < len(ids):
        raise Trouble(409, "lines_twice")


def _refuse_ahead(work: Work, *told_of: datetime) -> None:
    """What says to be of a day that is yet to come would be the newest word until then."""
    if max(told_of) > work.now + _AHEAD_MAX:
        raise Trouble(409, "changed_ahead")


def _seller(work: Work, store: str | None) -> Seller:
    return Seller(f"api:{asking().client}", store_of(work, store))


def _told(work: Work, json: RequestPart, act: Callable[[], OrderOutcome]) -> OrderStands:
    asked = f"order {type(json).__name__} {json.model_dump_json()}"
    outcome = once_for(ORDER_OUTCOME, work, asked, act)
    if outcome.refused in _NOT_TAKEN:
        raise refuse(Refusal(outcome.refused))
    return _stands(work.uow, outcome)


def _stands(uow: UnitOfWork, outcome: OrderOutcome) -> OrderStands:
    member = members.get(uow, outcome.member_id) if outcome.member_id else None
    return OrderStands(
        card_number=member.number if member else None,
        purchase=outcome.seq,
        points=outcome.points,
        balance=outcome.balance,
        claim_code=readable(outcome.slip) if outcome.slip and outcome.seq is None else None,
        waits=outcome.refused,
    )
