"""A purchase: points for a receipt, now or brought later, once per store, date and number."""

from bot.store.history import receipts
from bot.store.history.receipts import ReceiptKey
from bot.store.members import members
from rules.activity import Purchase
from rules.base import Refusal
from rules.characters import letters_and_digits, one_width
from rules.programme.purchases import RECEIPT_LENGTH_MAX
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from ..recording.work import Work


def purchase(work: Work, request: Request) -> Outcome:
    """Records the purchase, or says why it earns nothing (it did already, it is too old …)."""
    asked = (
        f"purchase {request.member_id} {request.what!r} {request.store} {request.receipt} "
        f"{work.made_by}"
    )
    return once(work, asked, lambda: record_purchase(work, request))


def record_purchase(work: Work, request: Request) -> Outcome:
    """`purchase` for a caller who has claimed the key."""
    number = _number(work.timeline, request)
    if number is None:
        return carry_out(work, request)
    member = members.lock(work.uow, request.member_id)
    if not receipts.claim(work.uow, number, member_id=member.id, seq=member.seq + 1):
        return outcome_of_refusal(member.id, Refusal("receipt_again"))
    outcome = carry_out(work, request)
    if not outcome.done:
        receipts.release(work.uow, number)
    return outcome


def _number(timeline: Timeline, request: Request) -> ReceiptKey | None:
    if request.receipt is None or not isinstance(request.what, Purchase):
        return None
    issued_on = request.what.receipt_on
    if issued_on is None:
        issued_on = timeline.at(request.at).programme.shop.business_date(request.at)
    return ReceiptKey(request.store or "", issued_on, _alike(request.receipt))


def _alike(number: str) -> str:
    """A receipt's number however it was typed: width, case, spaces and hyphens don't tell two
    receipts from one another."""
    return (letters_and_digits(number) or one_width(number))[:RECEIPT_LENGTH_MAX]
