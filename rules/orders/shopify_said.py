"""What Shopify tells of an order, as far as we look at it.

Shopify, "REST Admin API reference: Order, Refund", version 2026-07. Webhooks have the same.
"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

#: Theirs are 64 bits wide; a number of any length is one to JSON.
ID_END = 10**20
ShopifyId = Annotated[int, Field(ge=0, lt=ID_END)]
#: Written as text, and in refunds as a number.
Money = Annotated[Decimal, Field(ge=-(10**12), le=10**12)]


class ShopifyPart(BaseModel):
    """Part of what it tells: of what we don't know nothing is taken, and null is as good as
    nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {name: value for name, value in said.items() if value is not None}


class ShopifyAmount(ShopifyPart):
    """A discount's share of a line."""

    amount: Money


class ShopifyTax(ShopifyPart):
    """One tax on a line."""

    price: Money


class ShopifyLine(ShopifyPart):
    """Goods; `price` is of one piece, before discounts."""

    id: ShopifyId
    title: str = ""
    variant_title: str = ""
    sku: str = ""
    variant_id: ShopifyId = 0
    product_id: ShopifyId = 0
    quantity: int = 0
    price: Money
    gift_card: bool = False
    discount_allocations: tuple[ShopifyAmount, ...] = ()
    tax_lines: tuple[ShopifyTax, ...] = ()


class ShopifyShipping(ShopifyPart):
    """Postage; one that an edit took away stays there."""

    id: ShopifyId
    title: str = ""
    price: Money
    is_removed: bool = False
    discount_allocations: tuple[ShopifyAmount, ...] = ()
    tax_lines: tuple[ShopifyTax, ...] = ()


class ShopifyRefundLine(ShopifyPart):
    """Pieces of a line that went back, and what all of them were worth."""

    line_item_id: ShopifyId
    quantity: int = 0
    subtotal: Money = Decimal(0)
    total_tax: Money = Decimal(0)


class ShopifyTransaction(ShopifyPart):
    """Money that moved."""

    kind: str = ""
    status: str = ""
    amount: Money = Decimal(0)
    currency: str = ""


class ShopifyRefund(ShopifyPart):
    """What went back at once; an edit that removes something makes one without transactions."""

    id: ShopifyId
    order_id: ShopifyId
    created_at: AwareDatetime
    processed_at: AwareDatetime | None = None
    refund_line_items: tuple[ShopifyRefundLine, ...] = ()
    transactions: tuple[ShopifyTransaction, ...] = ()


class ShopifyNamed(ShopifyPart):
    """A field of the cart's that a theme or an app added."""

    name: str = ""
    value: Any = ""


class ShopifyAddress(ShopifyPart):
    """Of an address only the telephone."""

    phone: str = ""


class ShopifyCustomer(ShopifyPart):
    """Of a customer only what may lead to a member."""

    phone: str = ""
    tags: str = ""
    default_address: ShopifyAddress = ShopifyAddress()


class ShopifyOrder(ShopifyPart):
    """An order, whole."""

    id: ShopifyId
    name: str = ""
    created_at: AwareDatetime
    processed_at: AwareDatetime | None = None
    updated_at: AwareDatetime
    cancelled_at: AwareDatetime | None = None
    currency: str
    financial_status: str = ""
    taxes_included: bool = False
    test: bool = False
    location_id: ShopifyId = 0
    phone: str = ""
    tags: str = ""
    note_attributes: tuple[ShopifyNamed, ...] = ()
    customer: ShopifyCustomer = ShopifyCustomer()
    billing_address: ShopifyAddress | None = None
    shipping_address: ShopifyAddress = ShopifyAddress()
    line_items: tuple[ShopifyLine, ...] = ()
    shipping_lines: tuple[ShopifyShipping, ...] = ()
    refunds: tuple[ShopifyRefund, ...] = ()
