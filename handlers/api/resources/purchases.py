"""Purchases: what a member bought, by its lines or its total, and what of it is brought back."""

from typing import Annotated

from pydantic import Field

from bot.store.history import history
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.take_goods_back import ReturnedGoods, take_goods_back
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from rules.activity import Purchase
from rules.base import Refusal
from rules.orders.lines import LINES_MAX, BoughtLine, bought_lines, purchase_of
from rules.programme.purchases import RECEIPT_LENGTH_MAX, PurchasePolicy

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, asking
from ..frame.doors import does
from ..frame.goods import LineTold, PiecesTold, Yen
from ..frame.models import PLACE_MAX, AnswerPart, CodeText, Moment, Name, RequestPart, utc
from ..frame.problems import refuse
from ..frame.shown import NO_CARDS, shown_card
from ..frame.subjects import holder_of, store_of


class PurchaseTold(RequestPart):
    """What was bought, by whom, where and when: its `lines`, or `total_yen` and its parts."""

    code: CodeText = Field(
        description="The card's QR or barcode as the scanner gives it, or its number as typed."
    )
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )
    at: Moment | None = Field(None, description="When, if not now.")
    receipt: Annotated[str, Field(max_length=RECEIPT_LENGTH_MAX, pattern=r"^[^\x00]*$")] = Field(
        "", description="The number on the receipt: one of a store and day earns once."
    )
    lines: Annotated[list[LineTold], Field(max_length=LINES_MAX)] = Field(
        [], description="What was bought; they must come to `total_yen` where both are told."
    )
    total_yen: Yen | None = Field(None, description="All of it, with tax; needed without lines.")
    tax_yen: Yen = Field(0, description="The part of it that is tax; lines say it themselves.")
    excluded_yen: Yen = Field(
        0, description="Paid for goods that never count; found by the lines, where there are some."
    )
    points_used_yen: Yen = Field(0, description="What was paid with points.")


class PurchaseMade(WhatCame):
    """A purchase that was recorded, and what it brought."""

    card_number: str
    purchase: int = Field(description="Its number in the member's history, to return goods by.")


class ReturnTold(RequestPart):
    """What of a purchase is brought back: pieces of its `lines`, or so many `yen`, or all of it
    where neither is told; never both."""

    lines: Annotated[list[PiecesTold], Field(max_length=LINES_MAX)] = Field([])
    yen: Yen | None = None


class ReturnMade(AnswerPart):
    """What was taken back."""

    action: str = Field(description="By which it is undone: the key of the request that did it.")
    yen: int = Field(description="What was brought back.")
    points: int = Field(description="By how much the member's points changed.")
    balance: int = Field(description="The points there were afterwards.")
    shortfall: int = Field(description="What later purchases have to make good, as it was spent.")


@does(
    "/purchases", PurchaseMade, "purchases",
    "no_purchases", "purchase_amount", "lines_none", "lines_tax", "lines_total", "receipt_again",
    "left", "merged", "erased", "points_short", "store_missing", "store_unknown",
    *NO_CARDS,
    status=201, found=False,
)  # fmt: skip
def buy(json: PurchaseTold) -> PurchaseMade:
    """Tell a purchase.

    What never counts by the programme is found by each line's item and category. What was bought
    earlier is judged by when it was.
    """
    with api_work() as work:
        at = min(utc(json.at), work.now) if json.at is not None else work.now
        store = store_of(work, json.store)
        member = shown_card(work, json.code, at).member
        policy = work.timeline.at(at).programme.purchase or PurchasePolicy()
        lines = bought_lines(policy, [each.line() for each in json.lines])
        what = _what(policy, json, lines)
        request = Request(member.id, what, at, store, json.receipt.strip() or None, lines)
        outcome = purchase(work, request)
    came = what_came(done(outcome), work.key)
    return PurchaseMade(**came.model_dump(), card_number=member.number, purchase=outcome.seq)


def _what(policy: PurchasePolicy, json: PurchaseTold, lines: tuple[BoughtLine, ...]) -> Purchase:
    used = json.points_used_yen
    if not lines:
        return Purchase(json.total_yen or 0, json.tax_yen, json.excluded_yen, used)
    made = purchase_of(policy, lines, total_yen=json.total_yen, points_used_yen=used)
    if isinstance(made, Refusal):
        raise refuse(made)
    if json.tax_yen not in (0, made.tax_yen) or json.excluded_yen not in (0, made.excluded_yen):
        raise refuse(Refusal("lines_total"))
    return made


@does(
    "/members/<number>/purchases/<int:purchase>/returns", ReturnMade, "purchases",
    "return_unknown", "return_elsewhere", "return_again", "return_by_order", "return_amount",
    "return_lines", "return_both", "merged", "erased",
    status=201,
)  # fmt: skip
def bring_back(number: str, purchase: int, json: ReturnTold) -> ReturnMade:
    """Bring goods of a purchase back.

    By the pieces of its lines, by yen, or all that is left of it. It is never refused for what was
    spent since: later purchases make that good. The visit stays.
    """
    if json.lines and json.yen is not None:
        raise refuse(Refusal("return_both"))
    with api_work() as work:
        # Where that was put together with another card, the purchase is none of the other's.
        member = holder_of(work.uow, number)
        seq = min(purchase, PLACE_MAX)
        _refuse_elsewhere(work, member.id, seq)
        pieces = tuple(each.pieces() for each in json.lines)
        outcome = take_goods_back(work, ReturnedGoods(member.id, seq, json.yen, pieces))
    if outcome.refused is not None:
        raise refuse(Refusal(outcome.refused))
    return ReturnMade(
        action=work.key,
        yen=outcome.yen,
        points=outcome.points,
        balance=outcome.balance,
        shortfall=outcome.shortfall,
    )


def _refuse_elsewhere(work: Work, member_id: int, seq: int) -> None:
    found = history.one(work.uow, member_id, seq)
    if found is None or not isinstance(found.activity.what, Purchase):
        return
    if not asking().may_act_at(found.activity.store):
        raise refuse(Refusal("return_elsewhere"))
