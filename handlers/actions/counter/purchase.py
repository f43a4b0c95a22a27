"""A purchase: points for a receipt, now or brought later, once per store, date and number."""

from bot.store.history import history, receipts
from bot.store.members import members
from bot.store.orders import bought
from rules.activity import Purchase
from rules.base import Refusal
from rules.orders.lines import BoughtLine

from ..members import referral
from ..recording.idempotency import once
from ..recording.limits import flag_amount, flag_amounts, flag_told, refuse_amount
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from ..recording.record_many import receipt_of
from ..recording.work import Work


def purchase(work: Work, request: Request) -> Outcome:
    """Records the purchase, or says why it earns nothing (it did already, it is too old …); for
    somebody of the staff within the programme's limits, and with a line in the log. What a system
    tells has a manager's: none, but the owner is shown what is unusual."""
    asked = (
        f"purchase {request.member_id} {request.what!r} {request.store} {request.receipt} "
        f"{work.made_by}{f' {request.lines!r}' if request.lines else ''}"
    )
    return once(work, asked, lambda: _purchase(work, request))


def _purchase(work: Work, request: Request) -> Outcome:
    what = request.what
    if work.actor is None or not isinstance(what, Purchase):
        outcome = record_purchase(work, request)
        if work.client and outcome.done and isinstance(what, Purchase):
            flag_told(work, request.member_id, what.total_yen, store=request.store)
        return outcome
    if refusal := refuse_amount(work, request.member_id, what.total_yen, request.at):
        return outcome_of_refusal(request.member_id, refusal)
    outcome = record_purchase(work, request)
    if outcome.done:
        note(work, "receipt", member_id=request.member_id, yen=what.total_yen, on=what.receipt_on)
        flag_amount(work, request.member_id, what.total_yen)
    return outcome


def record_purchase(work: Work, request: Request) -> Outcome:
    """`purchase` for a caller who has claimed the key."""
    outcome = _once_for_its_receipt(work, request)
    if outcome.done and request.lines:
        _keep_lines(work, outcome, request.lines)
    if outcome.done:
        referral.on_recorded(work, request.member_id, at=request.at)
    if outcome.done and isinstance(request.what, Purchase):
        flag_amounts(work, request.member_id, request.what.total_yen, request.at)
    return outcome


def _once_for_its_receipt(work: Work, request: Request) -> Outcome:
    receipt = receipt_of(work, request)
    if receipt is None:
        return carry_out(work, request)
    member = members.lock(work.uow, request.member_id)
    seq = member.seq + 1
    if not receipts.claim(work.uow, receipt, member_id=member.id, seq=seq):
        return outcome_of_refusal(member.id, Refusal("receipt_again"))
    outcome = carry_out(work, request)
    if not outcome.done:
        receipts.release_of(work.uow, member.id, seq, store=receipt.store)
    return outcome


def _keep_lines(work: Work, outcome: Outcome, lines: tuple[BoughtLine, ...]) -> None:
    recorded = history.one(work.uow, outcome.member_id, outcome.seq)
    if recorded is not None:
        on = recorded.activity.day
        bought.add(work.uow, outcome.member_id, outcome.seq, lines, on=on)
