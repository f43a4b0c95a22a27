"""Lines of receipts, as other systems tell them."""

from typing import Annotated

from pydantic import Field

from rules.base import YEN_MAX
from rules.orders.lines import LINES_MAX, PIECES_MAX, ReceiptLine, ReturnedPieces

from .models import LongText, RequestPart, ShortText

Yen = Annotated[int, Field(ge=0, le=YEN_MAX)]
Pieces = Annotated[int, Field(ge=1, le=PIECES_MAX)]


class LineTold(RequestPart):
    """A line of a receipt: so many of the same goods."""

    item: ShortText = Field("", description="The goods' code in your system: SKU, JAN.")
    name: Annotated[LongText, Field(max_length=120)] = Field("", description="As it is printed.")
    category: ShortText = Field("", description="What they belong to there, such as coffee.")
    quantity: Pieces = 1
    yen: Yen = Field(
        description="Paid for the whole line: with tax, after discounts. Shipping is a line, too."
    )
    tax_yen: Yen = Field(0, description="The part of it that is tax.")

    def line(self) -> ReceiptLine:
        return ReceiptLine(**self.model_dump(include=set(ReceiptLine.model_fields)))


class PiecesTold(RequestPart):
    """Pieces of a line that are brought back."""

    line: Annotated[int, Field(ge=1, le=LINES_MAX)] = Field(
        description="The line's place on the receipt, from 1 on."
    )
    quantity: Pieces = 1

    def pieces(self) -> ReturnedPieces:
        return ReturnedPieces(self.line, self.quantity)
