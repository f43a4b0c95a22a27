"""A receipt by its lines: what they come to, and what of it was brought back.

What is judged is the whole receipt (`Purchase`); lines say how much of it is tax and how much was
paid for goods that never count, and whose return takes back how much of each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from ..activity import Purchase
from ..base import YEN_MAX, Refusal, Strict, Yen
from ..characters import one_width
from ..programme.purchases import PurchasePolicy

#: So many lines a receipt has at the most, and so many pieces a line.
LINES_MAX, PIECES_MAX = 500, 10_000
#: How long the code of goods may be, their name, and that of what they belong to.
ITEM_MAX, NAME_MAX, CATEGORY_MAX = 60, 120, 60

Pieces = Annotated[int, Field(ge=1, le=PIECES_MAX)]


class ReceiptLine(Strict):
    """One line of a receipt: so many of the same goods, and what was paid for all of them."""

    #: The goods' code in the till or web shop (SKU, JAN); empty where there is none.
    item: Annotated[str, StringConstraints(max_length=ITEM_MAX)] = ""
    name: Annotated[str, StringConstraints(max_length=NAME_MAX)] = ""
    #: What they belong to there: coffee, books; empty where nothing says.
    category: Annotated[str, StringConstraints(max_length=CATEGORY_MAX)] = ""
    quantity: Pieces = 1
    #: Paid for the whole line: with tax, after every discount.
    yen: Yen
    #: The part of it that is tax.
    tax_yen: Yen = 0


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line as it stands beside the history."""

    line: ReceiptLine
    #: Its place on the receipt, from 1 on.
    no: int
    #: Whether its price never counts.
    excluded: bool = False
    #: How many pieces were brought back.
    returned: int = 0

    @property
    def left(self) -> int:
        return self.line.quantity - self.returned


@dataclass(frozen=True, slots=True)
class ReturnedPieces:
    """So many pieces of line `no` that are brought back."""

    no: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReturnedWorth:
    """What pieces of some lines were paid for."""

    yen: int
    tax_yen: int
    #: As `Purchase.excluded_yen` has it.
    excluded_yen: int


def never_counts(policy: PurchasePolicy, line: ReceiptLine) -> bool:
    """Whether the line is of goods that the programme says never count: by their code or what they
    belong to, as the programme calls them by id or by name."""
    known = {_plain(each) for each in (line.item, line.category) if each}
    return any(
        known & {_plain(goods.id), _plain(goods.name.ja), _plain(goods.name.en)}
        for goods in policy.excluded
    )


def _plain(text: str) -> str:
    return one_width(text).strip().casefold()


def bought_lines(policy: PurchasePolicy, lines: Iterable[ReceiptLine]) -> tuple[BoughtLine, ...]:
    """The lines of a receipt by their places, with what never counts."""
    return tuple(
        BoughtLine(line, no, never_counts(policy, line)) for no, line in enumerate(lines, 1)
    )


def purchase_of(
    policy: PurchasePolicy,
    lines: Sequence[BoughtLine],
    *,
    total_yen: int | None = None,
    points_used_yen: int = 0,
) -> Purchase | Refusal:
    """The receipt that the lines are of. Refused with lines_none, lines_many, lines_tax (a line
    with more tax than it costs), lines_total (they don't add up to what the receipt says) or
    purchase_amount (nothing was paid, or more than anybody pays)."""
    if not lines:
        return Refusal("lines_none")
    if len(lines) > LINES_MAX:
        return Refusal("lines_many")
    if any(bought.line.tax_yen > bought.line.yen for bought in lines):
        return Refusal("lines_tax")
    worth = _sum(_whole(policy, bought) for bought in lines)
    if total_yen is not None and worth.yen != total_yen:
        return Refusal("lines_total")
    if not 0 < worth.yen <= YEN_MAX or not 0 <= points_used_yen <= worth.yen:
        return Refusal("purchase_amount")
    return Purchase(worth.yen, worth.tax_yen, worth.excluded_yen, points_used_yen)


def worth_of(
    policy: PurchasePolicy, lines: Iterable[BoughtLine], pieces: Sequence[ReturnedPieces]
) -> ReturnedWorth | Refusal:
    """What those pieces were paid for. Whatever the steps in which a line is brought back, they
    come to exactly its price. Refused with return_lines: a line that there isn't, named twice, or
    more pieces than are left of it."""
    known = {bought.no: bought for bought in lines}
    if not pieces or len({each.no for each in pieces}) < len(pieces):
        return Refusal("return_lines")
    found: list[ReturnedWorth] = []
    for each in pieces:
        bought = known.get(each.no)
        if bought is None or not 0 < each.quantity <= bought.left:
            return Refusal("return_lines")
        before = _part(policy, bought, bought.returned)
        after = _part(policy, bought, bought.returned + each.quantity)
        found.append(
            ReturnedWorth(
                after.yen - before.yen,
                after.tax_yen - before.tax_yen,
                after.excluded_yen - before.excluded_yen,
            )
        )
    return _sum(found)


def all_left(lines: Iterable[BoughtLine]) -> tuple[ReturnedPieces, ...]:
    """Every piece that wasn't brought back."""
    return tuple(ReturnedPieces(bought.no, bought.left) for bought in lines if bought.left)


def _whole(policy: PurchasePolicy, bought: BoughtLine) -> ReturnedWorth:
    return _part(policy, bought, bought.line.quantity)


def _part(policy: PurchasePolicy, bought: BoughtLine, quantity: int) -> ReturnedWorth:
    line = bought.line
    yen = line.yen * quantity // line.quantity
    tax = line.tax_yen * quantity // line.quantity
    if not bought.excluded:
        return ReturnedWorth(yen, tax, 0)
    # Where tax doesn't count, that on goods that don't count either is taken off once.
    return ReturnedWorth(yen, tax, yen - tax if policy.amount == "tax_excluded" else yen)


def _sum(worths: Iterable[ReturnedWorth]) -> ReturnedWorth:
    found = list(worths)
    return ReturnedWorth(
        sum(each.yen for each in found),
        sum(each.tax_yen for each in found),
        sum(each.excluded_yen for each in found),
    )
