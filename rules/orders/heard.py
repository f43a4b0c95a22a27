"""What one message of a system says of orders, in the neutral form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .order import Order, OrderReturn

#: Why an order can't be counted: it can't be read; it is not in yen; it is another account's.
OrdersProblem = Literal["unreadable", "currency", "account"]


@dataclass(frozen=True, slots=True)
class HeardOrder:
    """An order as it was, and what the system calls the place that sold it; empty: none."""

    order: Order
    place: str = ""


@dataclass(frozen=True, slots=True)
class HeardReturn:
    """A return that is told by itself."""

    order_id: str
    goods: OrderReturn
    place: str = ""


@dataclass(frozen=True, slots=True)
class HeardOrders:
    """All that a message, or a page of a list, says."""

    orders: tuple[HeardOrder, ...] = ()
    returns: tuple[HeardReturn, ...] = ()
    #: What the system calls orders that changed: it doesn't say how, and is to be asked.
    hints: tuple[str, ...] = ()
    #: The newest change that is told of, of whatever can't be counted, too; None: of nothing.
    newest: datetime | None = None
    #: Why some of it can't be counted; None: all can.
    problem: OrdersProblem | None = None

    @property
    def told(self) -> tuple[HeardOrder | HeardReturn, ...]:
        """What is written down, each by itself."""
        return (*self.orders, *self.returns)
