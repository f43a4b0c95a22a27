"""A purchase: points for a receipt, now or brought later, once per store, date and number."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.history import receipts
from bot.store.history.receipts import Number
from bot.store.members import members
from rules.activity import By, Purchase
from rules.base import Refusal
from rules.characters import letters_and_digits, one_width
from rules.programme.purchases import RECEIPT_LENGTH_MAX
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from ..recording.record import Request, carry_out


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as brought. `number` None when there is none to tell it by (a till's amount)."""

    key: str
    member_id: int
    store: str
    at: datetime
    purchase: Purchase
    by: By
    number: str | None = None


def purchase(uow: UnitOfWork, timeline: Timeline, receipt: Receipt, *, now: datetime) -> Outcome:
    """Records the purchase, or says why it earns nothing (it did already, it is too old …)."""
    asked = (
        f"purchase {receipt.member_id} {receipt.purchase!r} {receipt.store} {receipt.number} "
        f"{receipt.by}"
    )
    return once(
        uow, receipt.key, asked, lambda: record_purchase(uow, timeline, receipt, now=now), now=now
    )


def record_purchase(
    uow: UnitOfWork, timeline: Timeline, receipt: Receipt, *, now: datetime
) -> Outcome:
    """`purchase` for a caller who has claimed the key."""
    member = members.lock(uow, receipt.member_id)
    request = Request(
        receipt.key, member.id, receipt.purchase, receipt.at, receipt.by, receipt.store
    )
    number = _number(timeline, receipt)
    if number is None:
        return carry_out(uow, timeline, member, request, now=now)
    if not receipts.claim(uow, number, member_id=member.id, seq=member.seq + 1):
        return refused(member.id, Refusal("receipt_again"), balance=member.facts.balance)
    outcome = carry_out(uow, timeline, member, request, now=now)
    if not outcome.done:
        receipts.release(uow, number)
    return outcome


def _number(timeline: Timeline, receipt: Receipt) -> Number | None:
    if receipt.number is None:
        return None
    issued_on = receipt.purchase.receipt_on
    if issued_on is None:
        issued_on = timeline.at(receipt.at).programme.shop.business_date(receipt.at)
    return Number(receipt.store, issued_on, _alike(receipt.number))


def _alike(number: str) -> str:
    """A receipt's number however it was typed: width, case, spaces and hyphens don't tell two
    receipts from one another."""
    return (letters_and_digits(number) or one_width(number))[:RECEIPT_LENGTH_MAX]
