"""What staff do on a member's page: note, state, new card, points, a receipt, undoing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import Receipt, purchase
from handlers.actions.counter.slips import claim_slip
from handlers.actions.counter.undo import Undone, undo
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import set_profile
from handlers.actions.members.reissue import reissue
from handlers.actions.recording.actor import note
from handlers.actions.recording.outcome import Outcome, refused
from handlers.club import Club
from rules.activity import Membership, Purchase
from rules.base import Refusal
from rules.judging.undo import REASON_LENGTH_MAX
from rules.programme.purchases import RECEIPT_LENGTH_MAX

from ..frame import layout
from ..frame.access import manager_page, signed, staff_page
from ..frame.forms import back_to, form_key
from .member_views import by_number
from .members import typed_profile


def routes(pages: Blueprint, club: Club) -> None:
    """POSTs below `/staff/members/<number>/`; each leads back to the member's page."""

    @pages.post("/members/<number>/profile", endpoint="member_profile")
    @staff_page
    def profile(number: str) -> ResponseReturnValue:
        return act(club, number, "profile", _set_profile)

    @pages.post("/members/<number>/membership", endpoint="member_state")
    @staff_page
    def state(number: str) -> ResponseReturnValue:
        return act(club, number, "membership", _change_state)

    @pages.post("/members/<number>/reissue", endpoint="member_reissue")
    @staff_page
    def new_issue(number: str) -> ResponseReturnValue:
        return act(club, number, "reissued", _reissue)

    @pages.post("/members/<number>/receipt", endpoint="member_receipt")
    @staff_page
    def receipt(number: str) -> ResponseReturnValue:
        return act(club, number, "receipt", _receipt)

    @pages.post("/members/<number>/slip", endpoint="member_slip")
    @staff_page
    def slip(number: str) -> ResponseReturnValue:
        return act(club, number, "slip", _claim_slip)

    @pages.post("/members/<number>/adjust", endpoint="member_adjust")
    @manager_page
    def points(number: str) -> ResponseReturnValue:
        return act(club, number, "adjusted", _adjust)

    @pages.post("/members/<number>/undo", endpoint="member_undo")
    @manager_page
    def take_back(number: str) -> ResponseReturnValue:
        seq = layout.number("seq")
        with club.store.begin() as uow:
            who = by_number(uow, number)
            undone = _undo(uow, club, who, seq or 0)
        if undone.refused == "undo_spent":
            return back(who, undone.refused, "", count=undone.missing, force=seq)
        return back(who, undone.refused, "undone")


def act(
    club: Club, number: str, done: str, what: Callable[[UnitOfWork, Club, Member], Outcome]
) -> ResponseReturnValue:
    """Does `what` to whoever the card leads to, in a transaction, and goes back to their page: it
    says that it was `done`, or why not."""
    with club.store.begin() as uow:
        who = by_number(uow, number)
        outcome = what(uow, club, who)
    return back(who, outcome.refused, done)


def back(who: Member, refused: str | None, done: str, **more: Any) -> ResponseReturnValue:
    """To the member's page, which says how it went."""
    return back_to("staff.member", refused, done, number=who.number, **more)


def _set_profile(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    return set_profile(
        uow, club.timeline(), signed().desk, who.id, _profile(uow, who), key=form_key(),
        now=club.now(),
    )  # fmt: skip


def _profile(uow: UnitOfWork, who: Member) -> Profile:
    """What was typed, with the number that is known where none was: the page doesn't show it."""
    typed = typed_profile()
    if typed.phone.strip() or request.form.get("phone_gone"):
        return typed
    return replace(typed, phone=profiles.get(uow, who.id).phone)


def _reissue(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    return reissue(uow, signed().desk, who.id, key=form_key(), now=club.now())


def _claim_slip(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    return claim_slip(
        uow, club.timeline(), who.id, layout.field("code", 40), desk=signed().desk, key=form_key(),
        now=club.now(),
    )  # fmt: skip


def _adjust(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    amount = layout.number("points") or 0
    return adjust(
        uow, club.timeline(), signed().desk, member_id=who.id,
        points=-amount if request.form.get("how") == "take" else amount,
        reason=layout.field("reason", REASON_LENGTH_MAX), key=form_key(), now=club.now(),
    )  # fmt: skip


def _change_state(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    wanted = layout.field("state", 10)
    state: Membership | None = next((s for s in get_args(Membership) if s == wanted), None)
    if state is None:
        abort(400)
    key, now = form_key(), club.now()
    outcome = change_membership(
        uow, club.timeline(), who.id, state, key=key, at=now, by="staff", now=now
    )
    if outcome.done:
        note(uow, signed().desk, "membership", now=now, key=key, member_id=who.id, state=state)
    return outcome


def _receipt(uow: UnitOfWork, club: Club, who: Member) -> Outcome:
    """A receipt brought later; by its number it earns once."""
    desk, now, key = signed().desk, club.now(), form_key()
    bought = Purchase(
        total_yen=layout.yen("yen"),
        tax_yen=layout.yen("tax"),
        receipt_on=_day(layout.field("on", 10)),
    )
    number = layout.field("receipt", RECEIPT_LENGTH_MAX)
    if bought.receipt_on is None or not number:
        # Without them it would pass for one of today, as often as it is brought.
        return refused(who.id, Refusal("receipt_unread"), balance=who.facts.balance)
    receipt = Receipt(key, who.id, desk.store, now, bought, by="staff", number=number)
    outcome = purchase(uow, club.timeline(), receipt, now=now)
    if outcome.done:
        note(
            uow, desk, "receipt", now=now, key=key, member_id=who.id,
            yen=bought.total_yen, on=bought.receipt_on,
        )  # fmt: skip
    return outcome


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _undo(uow: UnitOfWork, club: Club, who: Member, seq: int) -> Undone:
    action = history.keys_of(uow, who.id, [seq]).get(seq, "")
    return undo(
        uow, club.timeline(), signed().desk, member_id=who.id, action=action, key=form_key(),
        reason=layout.field("reason", REASON_LENGTH_MAX), force=bool(request.form.get("force")),
        now=club.now(),
    )  # fmt: skip
