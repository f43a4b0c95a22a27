"""How many yen of a receipt count for points: tax, points used, excluded goods, late receipts."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ..activity import Purchase
from ..base import YEN_MAX, Id, LocalText, Refusal, Strict

#: The longest number that a till prints on a receipt.
RECEIPT_LENGTH_MAX = 40


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


def check_purchase(policy: PurchasePolicy, purchase: Purchase, day: date) -> Refusal | None:
    """Why this receipt can't be taken on business day `day`; None when it can."""
    parts = (purchase.tax_yen, purchase.excluded_yen, purchase.points_used_yen)
    if not 0 < purchase.total_yen <= YEN_MAX:
        return Refusal("purchase_amount")
    if not all(0 <= part <= purchase.total_yen for part in parts):
        return Refusal("purchase_amount")
    if purchase.receipt_on is None or purchase.receipt_on == day:
        return None
    if purchase.receipt_on > day:
        return Refusal("receipt_from_future")
    if policy.late_receipt_days == 0:
        return Refusal("receipt_not_later")
    if (day - purchase.receipt_on).days > policy.late_receipt_days:
        return Refusal("receipt_too_old")
    return None
