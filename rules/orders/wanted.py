"""What the history of who bought an order should say of it: the purchase, and what of it went back.

It follows from what is known alone, so that any order of arrival comes to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..activity import Purchase
from ..base import Refusal
from ..programme.purchases import PurchasePolicy
from .lines import (
    BoughtLine,
    ReceiptLine,
    ReturnedPieces,
    ReturnedWorth,
    all_left,
    bought_lines,
    purchase_of,
    worth_of,
)
from .order import KnownOrder, OrderLine, OrderReturn

#: What the return is called that a cancelled order makes of all that was left.
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class WantedReturn:
    """What went back at once."""

    id: str
    yen: int
    #: As `TakenBack.parts` has it.
    parts: tuple[int, int] | None = None
    pieces: tuple[ReturnedPieces, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedPurchase:
    """A purchase of `sold_at` with its lines, and what of it went back."""

    what: Purchase
    at: datetime
    lines: tuple[BoughtLine, ...]
    returns: tuple[WantedReturn, ...]

    @property
    def left_yen(self) -> int:
        return self.what.total_yen - sum(each.yen for each in self.returns)

    @property
    def sale(self) -> str:
        """By what a purchase that was written down is known to be this one."""
        return repr((self.what, self.at.astimezone(UTC).isoformat(), self.lines))


def wanted(known: KnownOrder, policy: PurchasePolicy) -> WantedPurchase | Refusal | None:
    """What there should be; None where no sale was told yet, or nothing was paid. Refused as
    `purchase_of` refuses."""
    order = known.order
    if order is None:
        return None
    plain = (each.model_dump(exclude={"id"}) for each in order.lines)
    lines = bought_lines(policy, (ReceiptLine.model_construct(**each) for each in plain))
    if order.lines and not any(each.yen for each in order.lines):
        return None
    what = purchase_of(
        policy, lines, total_yen=order.total_yen, points_used_yen=order.points_used_yen
    )
    if isinstance(what, Refusal):
        return what
    rest = _Rest(policy, order.lines, lines, what.total_yen)
    for goods in known.standing:
        rest.take(goods)
    if order.cancelled_at is not None:
        rest.take_all()
    return WantedPurchase(what, order.sold_at, lines, tuple(rest.found))


class _Rest:
    """What is left of an order while its returns are counted one after the other."""

    def __init__(
        self,
        policy: PurchasePolicy,
        named: Sequence[OrderLine],
        lines: Sequence[BoughtLine],
        yen: int,
    ) -> None:
        self._policy, self._yen = policy, yen
        self._places = {each.id or str(no): no for no, each in enumerate(named, 1)}
        self._lines = {each.no: each for each in lines}
        self.found: list[WantedReturn] = []

    def take(self, goods: OrderReturn) -> None:
        """Never more than is left, whatever the system says."""
        pieces = self._pieces(goods)
        worth = worth_of(self._policy, self._lines.values(), pieces)
        if isinstance(worth, ReturnedWorth):
            yen = min(worth.yen, self._yen)
            parts = (worth.tax_yen, worth.excluded_yen) if yen == worth.yen else None
            self._add(WantedReturn(goods.id, yen, parts, pieces))
        self._add(WantedReturn(f"{goods.id}:yen", min(goods.yen, self._yen)))

    def take_all(self) -> None:
        pieces = all_left(self._lines.values())
        self._add(WantedReturn(CANCELLED, self._yen, pieces=pieces))

    def _pieces(self, goods: OrderReturn) -> tuple[ReturnedPieces, ...]:
        asked: dict[int, int] = {}
        for each in goods.lines:
            no = self._places.get(each.line)
            if no is not None:
                asked[no] = min(asked.get(no, 0) + each.quantity, self._lines[no].left)
        return tuple(ReturnedPieces(no, count) for no, count in asked.items() if count)

    def _add(self, back: WantedReturn) -> None:
        if not back.yen:
            # What cost nothing comes back for nothing.
            return
        self.found.append(back)
        self._yen -= back.yen
        for each in back.pieces:
            line = self._lines[each.no]
            self._lines[each.no] = replace(line, returned=line.returned + each.quantity)
