""" "Put the points on later": a slip for who has no card at hand, claimed once within some days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.store import UnitOfWork
from bot.store.history import claims, slips
from bot.store.history.slips import Slip, SlipWhat
from rules.activity import Purchase
from rules.base import YEN_MAX, Refusal
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline

from ..members import one_time_codes
from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .check_in import CheckIn, record_visit
from .purchase import Receipt, record_purchase


def make_slip(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    what: SlipWhat,
    *,
    at: datetime,
    key: str,
    now: datetime,
) -> Slip | Refusal:
    """A slip for what happened `at`; a repeat of the key gives the same one.

    Good for as many days as a receipt may be brought later, at least until the business day ends.
    Refused with slip_empty or purchase_amount.
    """
    refusal = _refuse_what(timeline.at(now).programme, what)
    if refusal is not None:
        return refusal
    repeat = claims.claim(uow, key, f"slip {what!r} {desk.store}", at=now)
    if repeat is not None:
        known = slips.get(uow, repeat.outcome)
        if known is None:
            raise LookupError("a slip that was made is gone")
        return known
    at = min(at, now)
    slip = Slip(
        one_time_codes.new_code(), desk.store, at, what, good_until(timeline, at),
        desk.staff_id, desk.device_id,
    )  # fmt: skip
    slips.add(uow, slip)
    claims.settle(uow, key, slip.code)
    note(uow, desk, "slip", now=now, key=key, visit=what.visit, yen=what.yen)
    return slip


def good_until(timeline: Timeline, at: datetime) -> datetime:
    """Up to when (exclusive) a slip for what happened `at` can be claimed."""
    programme = timeline.at(at).programme
    days = programme.purchase.late_receipt_days if programme.purchase else 0
    return programme.shop.opens(programme.shop.business_date(at) + timedelta(days=days + 1))


def _refuse_what(programme: Programme, what: SlipWhat) -> Refusal | None:
    if not (what.visit or what.yen):
        return Refusal("slip_empty")
    if not (0 <= what.tax_yen <= what.yen <= YEN_MAX):
        return Refusal("purchase_amount")
    return Refusal("no_purchases") if what.yen and programme.purchase is None else None


def look_up(uow: UnitOfWork, text: str, *, now: datetime) -> Slip | Refusal:
    """The slip whose code was sent. Refused with slip_unknown, slip_used or slip_expired."""
    code = one_time_codes.plain(text)
    slip = slips.get(uow, code) if code else None
    if slip is None or slip.cancelled_at is not None:
        return Refusal("slip_unknown")
    if slip.used_at is not None:
        return Refusal("slip_used")
    return Refusal("slip_expired") if now >= slip.until else slip


def claim_slip(
    uow: UnitOfWork,
    timeline: Timeline,
    member_id: int,
    text: str,
    *,
    desk: Desk | None = None,
    key: str,
    now: datetime,
) -> Outcome:
    """Records what the slip is worth for the member, as of when it happened, confirmed by staff.

    `desk` is who entered the code at the counter, None for the member in the chat, who may send
    only so many wrong ones a day. Refused as `look_up` refuses, with code_tries, or as the visit or
    the purchase is; a slip that brought nothing is as good as before.
    """

    def work() -> Outcome:
        day = timeline.at(now).programme.shop.business_date(now)
        if desk is None and not one_time_codes.may_try(uow, member_id, day):
            return refused(member_id, Refusal("code_tries"), balance=0)
        slip = look_up(uow, text, now=now)
        if isinstance(slip, Slip) and not slips.use(uow, slip.code, member_id, at=now):
            slip = Refusal("slip_used")
        if isinstance(slip, Refusal):
            _wrong(uow, member_id, slip, desk, day, now=now)
            return refused(member_id, slip, balance=0)
        outcome = _record(uow, timeline, member_id, slip, key=key, now=now)
        if not outcome.done:
            slips.release(uow, slip.code)
        elif desk is not None:
            note(uow, desk, "slip_claim", now=now, key=key, member_id=member_id)
        return outcome

    return once(uow, key, f"slip claim {member_id} {text}", work, now=now)


def _wrong(
    uow: UnitOfWork, member_id: int, why: Refusal, desk: Desk | None, day: date, *, now: datetime
) -> None:
    # A slip found in a drawer is no guess.
    if desk is None and why.code == "slip_unknown":
        one_time_codes.note_wrong(uow, member_id, day, now=now)


def _record(
    uow: UnitOfWork, timeline: Timeline, member_id: int, slip: Slip, *, key: str, now: datetime
) -> Outcome:
    """The visit and the purchase; refused only if neither was taken."""
    outcomes = []
    if slip.what.visit:
        visit = CheckIn(key, member_id, slip.store, slip.at, "staff", by="staff")
        outcomes.append(record_visit(uow, timeline, visit, now=now))
    if slip.what.yen:
        bought = Purchase(slip.what.yen, tax_yen=slip.what.tax_yen)
        receipt = Receipt(key, member_id, slip.store, slip.at, bought, by="staff")
        outcomes.append(record_purchase(uow, timeline, receipt, now=now))
    done = [outcome for outcome in outcomes if outcome.done]
    if not done:
        return outcomes[0]
    return replace(
        done[-1],
        seq=done[0].seq,
        grants=tuple(grant for outcome in done for grant in outcome.grants),
        badges=tuple(badge for outcome in done for badge in outcome.badges),
        rank_changes=tuple(change for outcome in done for change in outcome.rank_changes),
    )


def cancel_slip(uow: UnitOfWork, desk: Desk, text: str, *, key: str, now: datetime) -> Outcome:
    """Makes a slip worthless that was given by mistake. Refused as `look_up` refuses."""

    def work() -> Outcome:
        slip = look_up(uow, text, now=now)
        if isinstance(slip, Slip) and not slips.cancel(uow, slip.code, at=now):
            slip = Refusal("slip_used")
        if isinstance(slip, Refusal):
            return refused(0, slip, balance=0)
        note(uow, desk, "slip_cancel", now=now, key=key)
        return Outcome(0)

    return once(uow, key, f"slip cancel {text}", work, now=now)
