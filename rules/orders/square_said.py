"""What Square says of orders, refunds and customers, as far as it is needed here.

The names are those of Square's own models: github.com/square/square-python-sdk, src/square/types
(order.py, order_line_item.py, order_service_charge.py, order_return.py, tender.py, refund.py,
payment_refund.py, customer.py) of version 46.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from ..base import Yen
from .heard import OrdersProblem
from .lines import LINES_MAX, PIECES_MAX
from .order import ID_MAX, Buyer

#: A tender with one of these brought no money, or none yet.
_NOT_PAID = {"AUTHORIZED", "VOIDED", "FAILED"}
#: A refund with one of these took none.
NOT_REFUNDED = {"REJECTED", "FAILED"}

_Name = Annotated[str, Field(min_length=1, max_length=ID_MAX)]
_MOMENT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)


class _Said(BaseModel):
    """A part of what Square says; what we don't need of it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, said: Any) -> Any:
        """What is null is the same as what isn't there, and no text has a NUL, which PostgreSQL
        doesn't take."""
        if not isinstance(said, dict):
            return said
        return {
            key: value.replace("\0", "") if isinstance(value, str) else value
            for key, value in said.items()
            if value is not None
        }


class SquareMoney(_Said):
    """Yen, which has no smaller part. Another currency is refused."""

    amount: Yen = 0
    currency: Literal["JPY"] = "JPY"


class SquareLine(_Said):
    """What was sold, or came back: `quantity` is a number of pieces, or a measure of them."""

    uid: str = ""
    source_line_item_uid: str = ""
    name: str = ""
    variation_name: str = ""
    quantity: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
    catalog_object_id: str = ""
    item_type: str = "ITEM"
    total_money: SquareMoney = SquareMoney()
    total_tax_money: SquareMoney = SquareMoney()

    @property
    def pieces(self) -> int | None:
        """How many; None where it was measured, not counted."""
        whole = self.quantity == self.quantity.to_integral_value()
        return int(self.quantity) if whole and self.quantity <= PIECES_MAX else None


class SquareCharge(_Said):
    """What was charged besides goods, such as delivery; or paid back of that."""

    uid: str = ""
    source_service_charge_uid: str = ""
    name: str = ""
    catalog_object_id: str = ""
    type: str = "CUSTOM"
    treatment_type: str = "LINE_ITEM_TREATMENT"
    total_money: SquareMoney = SquareMoney()
    total_tax_money: SquareMoney = SquareMoney()

    @property
    def is_tip(self) -> bool:
        return self.type == "AUTO_GRATUITY"

    @property
    def is_apportioned(self) -> bool:
        return self.treatment_type == "APPORTIONED_TREATMENT"


class _Details(_Said):
    status: str = ""


class SquareTender(_Said):
    """One way in which an order was paid, or a part of it."""

    created_at: AwareDatetime | None = None
    customer_id: str = ""
    #: With the tip.
    amount_money: SquareMoney = SquareMoney()
    card_details: _Details = _Details()
    bank_account_details: _Details = _Details()
    buy_now_pay_later_details: _Details = _Details()
    square_account_details: _Details = _Details()

    @property
    def is_paid(self) -> bool:
        ways = (
            self.card_details, self.bank_account_details, self.buy_now_pay_later_details,
            self.square_account_details,
        )  # fmt: skip
        return not any(each.status in _NOT_PAID for each in ways)


class _Amounts(_Said):
    total_money: SquareMoney = SquareMoney()


class _SignedMoney(_Said):
    amount: int = 0


class _Rounding(_Said):
    amount_money: _SignedMoney = _SignedMoney()


class SquareReturn(_Said):
    """What came back of one order; of none that is known, where `source_order_id` is empty."""

    source_order_id: Annotated[str, Field(max_length=ID_MAX)] = ""
    return_line_items: tuple[SquareLine, ...] = ()
    return_service_charges: tuple[SquareCharge, ...] = ()

    @model_validator(mode="after")
    def _can_be_told(self) -> "SquareReturn":
        if len(self.return_line_items) + len(self.return_service_charges) > LINES_MAX:
            raise ValueError("lines_many")
        return self


class SquareRefund(_Said):
    """Money that is paid back for an order of returns, and whether it went through."""

    id: str
    #: Of the order of returns; only the Refunds API says it.
    order_id: str = ""
    status: str = ""
    amount_money: SquareMoney = SquareMoney()
    updated_at: AwareDatetime | None = None


class SquareCustomer(_Said):
    """Who bought it, as the shop's directory has them."""

    id: str
    phone_number: str = ""
    #: The shop may write the number of the member's card here.
    reference_id: str = ""

    @property
    def buyer(self) -> Buyer:
        return Buyer(card=self.reference_id[:200], phone=self.phone_number[:40])


class SquareOrder(_Said):
    """A sale, what came back of others, or both at once."""

    id: _Name
    location_id: _Name
    customer_id: str = ""
    reference_id: str = ""
    state: str = "OPEN"
    #: Orders of some tills have none.
    version: Annotated[int, Field(ge=0, le=2**53)] = 0
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    line_items: tuple[SquareLine, ...] = ()
    service_charges: tuple[SquareCharge, ...] = ()
    returns: tuple[SquareReturn, ...] = ()
    return_amounts: _Amounts = _Amounts()
    refunds: tuple[SquareRefund, ...] = ()
    tenders: tuple[SquareTender, ...] = ()
    total_money: SquareMoney = SquareMoney()
    total_tip_money: SquareMoney = SquareMoney()
    rounding_adjustment: _Rounding = _Rounding()

    @model_validator(mode="after")
    def _adds_up(self) -> "SquareOrder":
        """What doesn't is nothing that we understand: it would be counted wrongly. An exchange says
        what is paid besides."""
        if len(self.line_items) + len(self.service_charges) > LINES_MAX:
            raise ValueError("lines_many")
        if not self.returns and not self._comes_to(self.charged):
            raise ValueError("lines_total")
        return self

    @property
    def charged(self) -> tuple[SquareCharge, ...]:
        """What the lines don't say yet: what was apportioned among them they do, unless only with
        it all comes to the total."""
        apart = tuple(each for each in self.service_charges if not each.is_apportioned)
        is_all = not self._comes_to(apart) and self._comes_to(self.service_charges)
        return self.service_charges if is_all else apart

    def _comes_to(self, charges: Iterable[SquareCharge]) -> bool:
        """Whether it is the total with those, be there a tip in it or not."""
        parts = sum(each.total_money.amount for each in self.line_items)
        parts += sum(each.total_money.amount for each in charges)
        rest = self.total_money.amount - parts - self.rounding_adjustment.amount_money.amount
        return rest in (0, self.total_tip_money.amount)

    @property
    def customer(self) -> str:
        """Whose it is in the directory; empty where nobody is named. A till may name them where
        they paid only."""
        named = (each.customer_id for each in self.tenders if each.customer_id)
        return self.customer_id or next(named, "")

    @property
    def sources(self) -> frozenset[str]:
        """Of which other orders something came back in it."""
        return frozenset(each.source_order_id for each in self.returns) - {"", self.id}

    @property
    def paid_yen(self) -> int:
        return sum(each.amount_money.amount for each in self._paid)

    @property
    def is_sold(self) -> bool:
        """A parcel that is paid for is sold before it is fetched; a tab that is open isn't."""
        if self.state == "COMPLETED":
            return True
        return self.state == "OPEN" and 0 < self.total_money.amount <= self.paid_yen

    @property
    def sold_at(self) -> datetime:
        """When all was paid. It stays the same while the order is fetched or sent."""
        paid = [each.created_at for each in self._paid if each.created_at is not None]
        if paid:
            return max(paid)
        return (self.closed_at if self.is_sold else None) or self.created_at

    @property
    def _paid(self) -> list[SquareTender]:
        return [each for each in self.tenders if each.is_paid]


_Told = TypeVar("_Told", bound=_Said)


@dataclass(frozen=True, slots=True)
class ReadOrders:
    """Orders that could be read, and what is known of all others."""

    orders: tuple[SquareOrder, ...]
    #: As `Heard` has them.
    newest: datetime | None
    problem: OrdersProblem | None


def read_orders(said: Iterable[Any]) -> ReadOrders:
    """One that can't be read doesn't stop the others."""
    orders, moments = [], []
    problem: OrdersProblem | None = None
    for each in said:
        moments.append(_moment(each))
        try:
            orders.append(SquareOrder.model_validate(each))
        except ValidationError as wrong:
            is_money = any("currency" in error["loc"] for error in wrong.errors())
            problem = problem or ("currency" if is_money else "unreadable")
    newest = max((each for each in moments if each is not None), default=None)
    return ReadOrders(tuple(orders), newest, problem)


def read_all(kind: type[_Told], said: Iterable[Any]) -> tuple[_Told, ...]:
    """Those that can be read."""
    found = []
    for each in said:
        try:
            found.append(kind.model_validate(each))
        except ValidationError:
            continue
    return tuple(found)


def _moment(said: Any) -> datetime | None:
    try:
        return _MOMENT.validate_python(said["updated_at"])
    except (ValidationError, KeyError, TypeError):
        return None
