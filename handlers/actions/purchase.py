"""A purchase: points for a receipt, now or brought later, once per store, date and number."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.store import UnitOfWork, claims, members, receipts
from rules.activity import By, Purchase
from rules.base import Refusal
from rules.timeline import Timeline

from .outcome import Outcome, from_json, refused, to_json
from .record import Request, record


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
    asked = f"{receipt.member_id} {receipt.purchase!r} {receipt.store} {receipt.number}"
    repeat = claims.claim(uow, receipt.key, asked, at=now)
    if repeat is not None:
        return from_json(repeat.outcome)
    outcome = _purchase(uow, timeline, receipt, now=now)
    claims.settle(uow, receipt.key, to_json(outcome))
    return outcome


def _purchase(uow: UnitOfWork, timeline: Timeline, receipt: Receipt, *, now: datetime) -> Outcome:
    member = members.lock(uow, receipt.member_id)
    issued_on = receipt.purchase.receipt_on or _day(timeline, receipt.at)
    if receipt.number is not None and receipts.known(
        uow, store=receipt.store, issued_on=issued_on, number=receipt.number
    ):
        return refused(member.id, Refusal("receipt_again"), balance=member.facts.balance)
    request = Request(
        f"{receipt.key}:entry",
        receipt.member_id,
        receipt.purchase,
        receipt.at,
        receipt.by,
        receipt.store,
    )
    outcome = record(uow, timeline, request, now=now)
    if outcome.done and receipt.number is not None:
        receipts.note(
            uow,
            store=receipt.store,
            issued_on=issued_on,
            number=receipt.number,
            member_id=member.id,
            seq=outcome.seq,
        )
    return outcome


def _day(timeline: Timeline, at: datetime) -> date:
    return timeline.at(at).programme.shop.business_date(at)
