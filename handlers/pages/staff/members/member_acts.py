"""What staff do on a member's page: SMS, state, new card, points, a receipt, undoing."""

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.history import history
from bot.store.members.members import Member
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.scan import Scan, scan
from handlers.actions.counter.scanned_code import ScannedCode
from handlers.actions.counter.take_goods_back import ReturnedGoods, take_goods_back
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.events.signing_up import PlaceOutcome
from handlers.actions.members.membership import change_membership
from handlers.actions.members.reissue import reissue
from handlers.actions.members.sms_consent import choose_at_counter
from handlers.actions.members.subscribing import note_delivery, subscribe, unsubscribe
from handlers.actions.orders.slips import claim_slip
from handlers.actions.profile.fan_steps import FanAnswer, answer_fan_steps
from handlers.actions.recording.outcome import Acknowledgement, Outcome, outcome_of_refusal
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from rules.activity import Delivered, Membership, Purchase, Subscribed
from rules.base import Refusal
from rules.judging.undo import REASON_LENGTH_MAX
from rules.programme.purchases import RECEIPT_LENGTH_MAX

from ..frame import forms
from ..frame.access import manager_page, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work
from ..frame.sure import amount_asked, points_asked
from ..frame.words import sms_wording
from .member_views import by_number


def act(
    number: str, done: str, what: Callable[[Work, Member], Outcome | Acknowledgement]
) -> ResponseReturnValue:
    """Does `what` to whoever the card leads to, in a transaction, and goes back to their page: it
    says that it was `done`, or why not."""
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = what(work, who)
    return back(who, refusal_of(outcome), done)


def refusal_of(came: Outcome | Acknowledgement | PlaceOutcome) -> Refusal | None:
    """Why it wasn't done, and when it could be, where that is known."""
    again_at = None if isinstance(came, Acknowledgement) else came.again_at
    return Refusal(came.refused, again_at) if came.refused else None


def back(who: Member, refused: Refusal | str | None, done: str, **more: Any) -> ResponseReturnValue:
    """To the member's page, which says how it went."""
    return back_to("staff.member", refused, done, number=who.number, **more)


@pages.post("/members/<card:number>/visit")
@staff_page
def member_visit(number: str) -> ResponseReturnValue:
    """Somebody who stands there without a card at hand: as if their number had been typed."""
    with form_work() as work:
        who = by_number(work.uow, number)
        shown = ScannedCode("number", who.number)
        scanned = scan(work, Scan(shown, who.number, via="page"))
    again_at = scanned.visit.again_at if scanned.visit else None
    no = Refusal(scanned.reason, again_at) if scanned.reason else None
    return back(who, no, "checked_in")


@pages.post("/members/<card:number>/sms")
@staff_page
def member_sms(number: str) -> ResponseReturnValue:
    """Whether they agree to SMS, said at the counter."""
    agrees, wording = request.form.get("agrees") == "1", sms_wording()
    return act(
        number,
        "sms_agreed" if agrees else "sms_stopped",
        lambda work, who: choose_at_counter(work, who.id, agrees=agrees, wording=wording),
    )


@pages.post("/members/<card:number>/membership")
@staff_page
def member_state(number: str) -> ResponseReturnValue:
    return act(number, "membership", _change_state)


def _change_state(work: Work, who: Member) -> Outcome:
    wanted = forms.field("state", 10)
    state: Membership | None = next((s for s in get_args(Membership) if s == wanted), None)
    if state is None:
        abort(400)
    return change_membership(work, who.id, state, at=work.now)


@pages.post("/members/<card:number>/reissue")
@staff_page
def member_reissue(number: str) -> ResponseReturnValue:
    return act(number, "reissued", lambda work, who: reissue(work, who.id))


@pages.post("/members/<card:number>/receipt")
@staff_page
def member_receipt(number: str) -> ResponseReturnValue:
    if asked := amount_asked(back=url_for("staff.member", number=number)):
        return asked
    return act(number, "receipt", _receipt)


def _receipt(work: Work, who: Member) -> Outcome:
    """A receipt brought later; by its number it earns once."""
    bought = Purchase(
        total_yen=forms.yen("yen"),
        tax_yen=forms.yen("tax"),
        excluded_yen=forms.yen("excluded"),
        points_used_yen=forms.yen("points_used"),
        receipt_on=_day(forms.field("on", 10)),
    )
    number = forms.field("receipt", RECEIPT_LENGTH_MAX)
    if bought.receipt_on is None or not number:
        # Without them it would pass for one of today, as often as it is brought.
        return outcome_of_refusal(who.id, Refusal("receipt_unread"))
    return purchase(work, Request(who.id, bought, work.now, work.staff.store, number))


@pages.post("/members/<card:number>/return")
@staff_page
def member_return(number: str) -> ResponseReturnValue:
    """Goods brought back: the pieces that were typed, else all of a receipt that is left where no
    amount was."""
    with form_work() as work:
        who = by_number(work.uow, number)
        yen = forms.yen("yen") if forms.field("yen", 20) else None
        goods = ReturnedGoods(who.id, forms.place("seq") or 0, yen, forms.pieces())
        outcome = take_goods_back(work, goods)
    done = "returned_short" if outcome.shortfall else "returned"
    return back(who, outcome.refused, done)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pages.post("/members/<card:number>/slip")
@staff_page
def member_slip(number: str) -> ResponseReturnValue:
    code = forms.field("code", 40)
    return act(number, "slip", lambda work, who: claim_slip(work, who.id, code))


@pages.post("/members/<card:number>/fan-steps")
@staff_page
def member_fan_steps(number: str) -> ResponseReturnValue:
    """What they said to the fan steps at the counter."""
    accepted = request.form.get("begin") == "1"

    def do(work: Work, who: Member) -> Outcome:
        return answer_fan_steps(work, FanAnswer(who.id, accepted, work.now, work.staff.store))

    return act(number, "fan_begun" if accepted else "fan_declined", do)


@pages.post("/members/<card:number>/adjust")
@manager_page
def member_adjust(number: str) -> ResponseReturnValue:
    amount, reason = forms.number("points") or 0, forms.field("reason", REASON_LENGTH_MAX)
    points = -amount if request.form.get("how") == "take" else amount
    if asked := points_asked(points, back=url_for("staff.member", number=number)):
        return asked
    return act(number, "adjusted", lambda work, who: adjust(work, who.id, points, reason=reason))


@pages.post("/members/<card:number>/undo")
@manager_page
def member_undo(number: str) -> ResponseReturnValue:
    seq = forms.place("seq")
    with form_work() as work:
        who = by_number(work.uow, number)
        undone = _undo(work, who, seq or 0)
    if undone.refused == "undo_spent":
        return back(who, undone.refused, "", count=undone.missing, force=seq)
    return back(who, undone.refused, "undone")


def _undo(work: Work, who: Member, seq: int) -> UndoOutcome:
    action = history.keys_of(work.uow, who.id, [seq]).get(seq, "")
    reason, force = forms.field("reason", REASON_LENGTH_MAX), bool(request.form.get("force"))
    return undo(work, UndoRequest(who.id, action, reason, force))


#: What a button does, and the text that says it was done.
_SUBSCRIPTION_DONE = {"keep": "subscribed", "end": "unsubscribed", "delivered": "delivered"}


@pages.post("/members/<card:number>/subscription")
@staff_page
def member_subscription(number: str) -> ResponseReturnValue:
    """What the button says: `how` is keep, end or delivered."""
    subscription = forms.field("subscription", 40)
    how = request.form.get("how", "")
    if how not in _SUBSCRIPTION_DONE:
        abort(400)
    if any(_is_unread(forms.field(name, 20)) for name in ("since", "until", "on")):
        return back_to("staff.member", "subscription_day_unread", "", number=number)
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = _change_subscription(work, who.id, how, subscription)
    return back_to("staff.member", outcome.refused, _SUBSCRIPTION_DONE[how], number=who.number)


def _change_subscription(work: Work, member_id: int, how: str, subscription: str) -> Outcome:
    match how:
        case "end":
            return unsubscribe(work, member_id, subscription)
        case "delivered":
            delivered = Delivered(subscription, _day(forms.field("on", 10)) or work.day)
            return note_delivery(work, member_id, delivered)
        case _:
            wanted = Subscribed(
                subscription, _day(forms.field("since", 10)), _day(forms.field("until", 10))
            )
            return subscribe(work, member_id, wanted)


def _is_unread(text: str) -> bool:
    return bool(text) and _day(text) is None
