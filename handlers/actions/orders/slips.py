""" "Put the points on later": a slip for who has no card at hand, claimed once within some days."""

from datetime import datetime, timedelta

from bot.store.history import claims, slips
from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import members
from bot.store.orders import orders
from handlers.actions.recording.work import Work
from rules.activity import Purchase, Visit
from rules.base import YEN_MAX, Refusal
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline

from ..counter.check_in import record_visit
from ..counter.purchase import record_purchase
from ..members import one_time_codes
from ..recording.idempotency import once, once_for
from ..recording.limits import flag_amount, refuse_amount, refuse_slip
from ..recording.log import note
from ..recording.outcome import (
    ACKNOWLEDGEMENT,
    Acknowledgement,
    Outcome,
    outcome_of_all,
    outcome_of_refusal,
)
from ..recording.record import Request
from .settling import claim_order


def make_slip(work: Work, what: SlipWorth, *, at: datetime) -> Slip | Refusal:
    """A slip for what happened `at`; a repeat of the key gives the same one.

    Good for as many days as a receipt may be brought later, at least until the business day ends.
    Refused with slip_empty, purchase_amount, amount_managers, amounts_person or slips_day.
    """
    refusal = _refuse_what(work.programme, what) or refuse_amount(work, None, what.yen)
    if refusal is not None:
        return refusal
    repeat = claims.claim(work.uow, work.key, f"slip {what!r} {work.staff.store}", at=work.now)
    if repeat is not None:
        return slips.get(work.uow, repeat.outcome) or Refusal(repeat.outcome)
    if refusal := refuse_slip(work):
        claims.settle(work.uow, work.key, refusal.code)
        return refusal
    at = min(at, work.now)
    slip = Slip(
        one_time_codes.new_code(), work.staff.store, at, what, good_until(work.timeline, at),
        work.staff.staff_id, work.staff.device_id,
    )  # fmt: skip
    slips.add(work.uow, slip)
    claims.settle(work.uow, work.key, slip.code)
    note(work, "slip", visit=what.visit, yen=what.yen)
    flag_amount(work, None, what.yen)
    return slip


def good_until(timeline: Timeline, at: datetime) -> datetime:
    """Up to when (exclusive) a slip for what happened `at` can be claimed."""
    programme = timeline.at(at).programme
    days = programme.purchase.late_receipt_days if programme.purchase else 0
    return programme.shop.opens(programme.shop.business_date(at) + timedelta(days=days + 1))


def _refuse_what(programme: Programme, what: SlipWorth) -> Refusal | None:
    if not (what.visit or what.yen):
        return Refusal("slip_empty")
    if not (0 <= what.tax_yen <= what.yen <= YEN_MAX):
        return Refusal("purchase_amount")
    return Refusal("no_purchases") if what.yen and programme.purchase is None else None


def look_up(work: Work, text: str) -> Slip | Refusal:
    """The slip whose code was sent. Refused with slip_unknown, slip_used or slip_expired."""
    code = one_time_codes.plain(text)
    slip = slips.get(work.uow, code) if code else None
    if slip is None or slip.cancelled_at is not None:
        return Refusal("slip_unknown")
    if slip.used_at is not None:
        return Refusal("slip_used")
    return Refusal("slip_expired") if work.now >= slip.until else slip


def claim_slip(work: Work, member_id: int, text: str) -> Outcome:
    """Records what the slip is worth for the member, as of when it happened, confirmed by staff.

    Staff enter the code at the counter; the member in the chat may send only so many wrong ones a
    day. Refused as `look_up` refuses, with code_tries, or as the visit or
    the purchase is; a slip that brought nothing is as good as before.
    """

    def act() -> Outcome:
        if work.actor is None and not one_time_codes.may_try(work.uow, member_id, work.day):
            return outcome_of_refusal(member_id, Refusal("code_tries"))
        slip = look_up(work, text)
        # The member, an order, its slip: as its messages lock them.
        members.lock(work.uow, member_id)
        order = orders.of_slip(work.uow, slip.code) if isinstance(slip, Slip) else None
        if isinstance(slip, Slip) and not slips.use(work.uow, slip.code, member_id, at=work.now):
            slip = Refusal("slip_used")
        if isinstance(slip, Refusal):
            _wrong(work, member_id, slip)
            return outcome_of_refusal(member_id, slip)
        if order is not None:
            outcome = claim_order(work, order, member_id)
        else:
            outcome = _record(work.acting(work.actor or "staff"), member_id, slip)
        if not outcome.done:
            slips.release(work.uow, slip.code)
        elif work.actor is not None:
            note(work, "slip_claim", member_id=member_id)
        return outcome

    return once(work, f"slip claim {member_id} {text}", act)


def _wrong(work: Work, member_id: int, why: Refusal) -> None:
    # A slip found in a drawer is no guess.
    if work.actor is None and why.code == "slip_unknown":
        one_time_codes.note_wrong(work, member_id, work.day)


def _record(work: Work, member_id: int, slip: Slip) -> Outcome:
    """The visit and the purchase; refused only if neither was taken."""
    outcomes = []
    if slip.what.visit:
        visit = Request(member_id, Visit("staff"), slip.at, slip.store)
        outcomes.append(record_visit(work, visit))
    if slip.what.yen:
        bought = Purchase(slip.what.yen, tax_yen=slip.what.tax_yen)
        outcomes.append(record_purchase(work, Request(member_id, bought, slip.at, slip.store)))
    done = [outcome for outcome in outcomes if outcome.done]
    return outcome_of_all(done) if done else outcomes[0]


def cancel_slip(work: Work, text: str) -> Acknowledgement:
    """Makes a slip worthless that was given by mistake. Refused as `look_up` refuses."""

    def act() -> Acknowledgement:
        slip = look_up(work, text)
        if isinstance(slip, Slip) and not slips.cancel(work.uow, slip.code, at=work.now):
            slip = Refusal("slip_used")
        if isinstance(slip, Refusal):
            return Acknowledgement(slip.code)
        note(work, "slip_cancel")
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"slip cancel {text}", act)
