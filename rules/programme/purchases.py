"""How many yen of a receipt count for points: tax, points used, excluded goods, late receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from ..activity import Purchase
from ..base import YEN_MAX, Id, LocalText, Refusal, Strict
from ..characters import hyphened, one_width
from ..shop import Shop

#: The longest number that a till prints on a receipt.
RECEIPT_LENGTH_MAX = 40
#: What stands between the parts of a receipt's number, as it is kept.
HYPHEN: Final = "-"


class ExcludedGoods(Strict):
    """Goods whose price never counts (たばこ, 切手, 商品券)."""

    id: Id
    name: LocalText


class PurchasePolicy(Strict):
    """Which yen count. Points are rounded down, once per receipt, by the earning rule itself."""

    amount: Literal["tax_included", "tax_excluded"] = "tax_included"
    #: "deducted" when what was paid with points earns nothing, "counted" when it does.
    points_used: Literal["deducted", "counted"] = "deducted"
    excluded: tuple[ExcludedGoods, ...] = ()
    #: How long afterwards a receipt may be brought; 0 for never.
    late_receipt_days: Annotated[int, Field(ge=0, le=90)] = 0


def counting_yen(policy: PurchasePolicy, purchase: Purchase) -> int:
    """The yen of `purchase` that count, never below zero: the parts may overlap (the tax on
    excluded goods is in both of theirs)."""
    yen = purchase.total_yen - purchase.excluded_yen
    if policy.amount == "tax_excluded":
        yen -= purchase.tax_yen
    if policy.points_used == "deducted":
        yen -= purchase.points_used_yen
    return max(0, yen)


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day that a receipt may be of."""

    on: date
    #: Whether it printed that date in the hours after midnight, which are of the business day
    #: before.
    after_midnight: bool = False


def days_of_receipt(shop: Shop, purchase: Purchase, at: datetime) -> tuple[PrintedDay, ...]:
    """The days of a purchase's receipt, brought `at`. What is brought without a date is of that
    moment, and prints the date of the clock; of a printed date nobody knows the hour."""
    if (printed := purchase.receipt_on) is not None:
        return PrintedDay(printed), PrintedDay(printed, after_midnight=True)
    business, clock = shop.business_date(at), shop.local(at).date()
    own = PrintedDay(business)
    return (own,) if clock == business else (own, PrintedDay(clock, after_midnight=True))


def receipt_number(text: str) -> str:
    """A receipt's number however it was typed: width, case, and which hyphen or blank stands
    between its parts don't tell two receipts from one another; where it stands does."""
    return (hyphened(text) or one_width(text))[:RECEIPT_LENGTH_MAX]


def brought_late(purchase: Purchase, day: date, clock: date) -> date | None:
    """The date on a receipt of another business day than `day`, on which it is brought; None for
    one of that day. After midnight a receipt of the day prints the date of the `clock`."""
    return None if purchase.receipt_on in (day, clock) else purchase.receipt_on


def check_purchase(
    policy: PurchasePolicy, purchase: Purchase, day: date, *, clock: date
) -> Refusal | None:
    """Why this receipt can't be taken on business day `day`, when the shop's clock shows the date
    `clock`; None when it can."""
    parts = (purchase.tax_yen, purchase.excluded_yen, purchase.points_used_yen)
    if not 0 < purchase.total_yen <= YEN_MAX:
        return Refusal("purchase_amount")
    if not all(0 <= part <= purchase.total_yen for part in parts):
        return Refusal("purchase_amount")
    issued_on = brought_late(purchase, day, clock)
    if issued_on is None:
        return None
    if issued_on > day:
        return Refusal("receipt_from_future")
    if policy.late_receipt_days == 0:
        return Refusal("receipt_not_later")
    if (day - issued_on).days > policy.late_receipt_days:
        return Refusal("receipt_too_old")
    return None
