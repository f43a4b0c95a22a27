"""An order as any till or web shop can tell it: what was sold, edited, cancelled and brought back.

Messages of an order come repeated and in any order. Each says the order as it was at a moment, or
one return of it. `known_with` adds a message to what is known: whichever comes first, and however
often, what is known in the end is the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from ..base import Strict, Yen
from .lines import LINES_MAX, Pieces, ReceiptLine

#: How long what a system calls an order, a line or a return may be.
ID_MAX = 100
SYSTEM_MAX = 40
#: So many returns an order has at the most.
RETURNS_MAX = 200

OrderId = Annotated[str, StringConstraints(min_length=1, max_length=ID_MAX)]


class Buyer(Strict):
    """Who bought it, as far as the system knows. The first that leads to a member counts."""

    #: The card's number, or what its barcode or QR code says.
    card: Annotated[str, StringConstraints(max_length=200)] = ""
    #: In any spelling; a number without its own country is of the shop's.
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    #: Members have no mail address here: who is known by it alone claims the receipt by its code.
    mail: Annotated[str, StringConstraints(max_length=254)] = ""


class OrderLine(ReceiptLine):
    """A line of an order, as it was sold: what is brought back later stays in it."""

    #: What the system calls it, by which returns name it; empty: by its place, from "1" on.
    id: Annotated[str, StringConstraints(max_length=ID_MAX)] = ""


class OrderReturnLine(Strict):
    """So many pieces of a line."""

    line: OrderId
    quantity: Pieces = 1


class OrderReturn(Strict):
    """Goods of an order that were brought back, or money that was."""

    id: OrderId
    at: AwareDatetime
    #: When it was said last; the newest counts. None: it never changes.
    updated_at: AwareDatetime | None = None
    lines: Annotated[tuple[OrderReturnLine, ...], Field(max_length=LINES_MAX)] = ()
    #: What was paid back besides the lines.
    yen: Yen = 0
    #: Whether it came to nothing after all.
    void: bool = False


class Order(Strict):
    """An order as it was at a moment."""

    id: OrderId
    #: What the buyer reads on it; empty: its id.
    number: Annotated[str, StringConstraints(max_length=ID_MAX)] = ""
    sold_at: AwareDatetime
    #: When it was changed last: of two messages the newer counts.
    updated_at: AwareDatetime
    #: A number that grows with each change, where the system has one: it counts before the time.
    version: Annotated[int, Field(ge=0, le=2**53)] = 0
    lines: Annotated[tuple[OrderLine, ...], Field(max_length=LINES_MAX)]
    #: What the lines come to, to be sure; None: they say it.
    total_yen: Yen | None = None
    points_used_yen: Yen = 0
    cancelled_at: AwareDatetime | None = None
    buyer: Buyer = Buyer()
    returns: Annotated[tuple[OrderReturn, ...], Field(max_length=RETURNS_MAX)] = ()


class KnownOrder(Strict):
    """What is known of an order by all its messages. It says nothing of who bought it."""

    order: Order | None = None
    #: The newest word on each return.
    returns: tuple[OrderReturn, ...] = ()
    #: Of when the newest message is that names a buyer.
    named: tuple[int, AwareDatetime] | None = None

    @property
    def standing(self) -> tuple[OrderReturn, ...]:
        """The returns that came to something, as they happened."""
        found = (each for each in self.returns if not each.void)
        return tuple(sorted(found, key=lambda each: (each.at, each.id)))


def known_with(known: KnownOrder, order: Order) -> KnownOrder:
    """What is known once this message came, too."""
    returns = _returns((*known.returns, *order.returns))
    named = known.named
    if order.buyer != Buyer() and (named is None or _stamp(order) > named):
        named = _stamp(order)
    plain = order.model_copy(update={"buyer": Buyer(), "returns": ()})
    if known.order is not None and _weight(known.order) > _weight(plain):
        plain = known.order
    return KnownOrder(order=plain, returns=returns, named=named)


def known_with_return(known: KnownOrder, goods: OrderReturn) -> KnownOrder:
    """The same for a message that says a return alone."""
    return known.model_copy(update={"returns": _returns((*known.returns, goods))})


def are_too_many(known: KnownOrder, told: Iterable[OrderReturn]) -> bool:
    """Whether these returns would be more than an order has."""
    return len({each.id for each in (*known.returns, *told)}) > RETURNS_MAX


def names_buyer(known: KnownOrder, order: Order) -> bool:
    """Whether no newer message than this one names a buyer, and it does."""
    return order.buyer != Buyer() and (known.named is None or _stamp(order) > known.named)


def _stamp(order: Order) -> tuple[int, datetime]:
    return order.version, order.updated_at


def _weight(order: Order) -> tuple[object, ...]:
    """The newer the more. Of two that say to be of one moment, as a clock of whole seconds makes
    them, the one that goes further counts, whichever comes first."""
    return (*_stamp(order), order.cancelled_at is not None, order.model_dump_json())


def _returns(told: Iterable[OrderReturn]) -> tuple[OrderReturn, ...]:
    """Of each the newest word; in the order of their ids."""
    found: dict[str, OrderReturn] = {}
    for each in told:
        known = found.get(each.id)
        if known is None or _newness(each) > _newness(known):
            found[each.id] = each
    return tuple(found[each] for each in sorted(found))


def _newness(goods: OrderReturn) -> tuple[object, ...]:
    return goods.updated_at or goods.at, goods.void, goods.model_dump_json()
