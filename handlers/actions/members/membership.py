"""Membership as its own dated state (在籍 / 休会 / 退会), and being forgotten."""

from collections.abc import Collection
from datetime import datetime

from bot.store.events import places, seats, trial_parts
from bot.store.heard import cases, contacts, reviews, shares, suggestions, surveys
from bot.store.heard.cases import CaseName
from bot.store.history import history, reward_codes
from bot.store.hooks import events as hook_events
from bot.store.many import bulks, imports
from bot.store.members import (
    changes,
    crowds,
    line_accounts,
    line_plans,
    members,
    mergers,
    phone_proofs,
    profiles,
)
from bot.store.members.members import Member
from bot.store.messages import broadcast_taps, inbox, newsletters, outbox_by_member, webhook_events
from bot.store.orders import bought, orders, reservations
from bot.store.staff import reasons
from handlers.actions.recording.work import Work
from rules.activity import Membership, MembershipChanged
from rules.base import Refusal

from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, asked_of, carry_out
from .joined_before import note_joining
from .merge import forget_account_before


def change_membership(work: Work, member_id: int, state: Membership, *, at: datetime) -> Outcome:
    """Pauses, ends or resumes a membership as of `at`. What was earned stays for a return. The log
    tells who of the staff did it."""
    request = Request(member_id, MembershipChanged(state), at)

    def act() -> Outcome:
        outcome = carry_out(work, request)
        if outcome.done and state == "left":
            # What they had signed up for is for others. Who pauses may come all the same.
            places.give_up_all(work.uow, member_id)
            seats.end(work.uow, member_id, at=work.now)
        if outcome.done and work.actor is not None:
            note(work, "membership", member_id=member_id, state=state)
        return outcome

    return once(work, asked_of(work, request), act)


def erase(work: Work, member_id: int, *, at: datetime | None = None) -> Outcome:
    """Ends the membership and removes what identifies the person; the totals stay true. What they
    did before `at` (now, if it isn't given) makes nobody of them again.

    Erasing someone who was erased before does nothing. Refused with merged where another card has
    taken this one over: that one is to be erased.
    """

    return once(
        work, f"erase {member_id} {work.made_by}", lambda: _erase(work, member_id, at or work.now)
    )


def _erase(work: Work, member_id: int, at: datetime) -> Outcome:
    # The accounts first, as the chat does: so nobody waits in a circle.
    accounts = line_accounts.attached(work.uow, member_id)
    known = members.get(work.uow, member_id)
    if known is not None and known.line_user_id is not None:
        accounts = sorted({*accounts, known.line_user_id})
    for user_id in accounts:
        line_accounts.lock(work.uow, user_id)
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return Outcome(member_id)
    if member.merged_into is not None:
        return outcome_of_refusal(member_id, Refusal("merged"))
    outcome = Outcome(member_id, balance=member.facts.balance)
    if member.membership != "left":
        outcome = carry_out(work, Request(member_id, MembershipChanged("left"), work.now))
    note_joining(work, [*_own_account(known), profiles.get(work.uow, member_id).phone])
    # Who was merged into them is the same person.
    forget_cards(work, mergers.with_absorbed(work.uow, member_id))
    for user_id in accounts:
        _leave(work, user_id, member, at)
    return outcome


def _own_account(member: Member | None) -> list[str]:
    return [member.line_user_id] if member is not None and member.line_user_id else []


def forget_cards(work: Work, ids: Collection[int]) -> None:
    """Removes all that says who the members are, whose memberships ended and whom nobody keeps. No
    LINE account is touched."""
    suggestions.drop_forgotten(work.uow, ids)
    history.forget(work.uow, ids)
    profiles.forget(work.uow, ids)
    phone_proofs.end(work.uow, ids)
    reasons.forget(work.uow, ids)
    reviews.forget(work.uow, ids)
    surveys.forget(work.uow, ids)
    newsletters.forget(work.uow, ids)
    broadcast_taps.forget(work.uow, ids)
    bulks.forget(work.uow, ids)
    imports.forget(work.uow, ids)
    places.forget(work.uow, ids)
    reward_codes.forget(work.uow, ids)
    bought.forget(work.uow, ids)
    orders.forget(work.uow, ids)
    reservations.forget(work.uow, ids)
    seats.forget(work.uow, ids)
    trial_parts.forget(work.uow, ids)
    shares.forget(work.uow, ids)
    inbox.forget(work.uow, member_ids=ids)
    cases.forget(work.uow, ids)
    contacts.forget(work.uow, ids)
    outbox_by_member.drop_queued(work.uow, ids)
    hook_events.forget(work.uow, ids)
    gone = list(crowds.lock(work.uow, ids).values())
    crowds.forget(work.uow, gone, work.foresight, at=work.now)


def _leave(work: Work, user_id: str, member: Member, at: datetime) -> None:
    """What becomes of a LINE account whose card was erased: it goes too, unless it has another card
    or is of somebody else who shared this one."""
    others = members.cards(work.uow, user_id)
    if not others and user_id == member.line_user_id:
        forget_account(work, user_id, at=at)
        return
    account = line_accounts.get(work.uow, user_id)
    if account is not None and account.member_id == member.id:
        line_accounts.link(work.uow, user_id, others[0] if others else None)
        line_accounts.await_answer(work.uow, user_id, None, now=work.now)


def forget_account(work: Work, user_id: str, *, at: datetime) -> None:
    """Removes a LINE account and all that came from its chat. Cards are not touched: somebody who
    shares another one's card goes, and the card stays. A mark stays, which says nothing of them but
    that nothing from before `at` counts."""
    uow = work.uow
    changes.newest(uow, work.codes.marks("account", user_id), "erased", at=at)
    forget_account_before(uow, user_id)
    outbox_by_member.forget_account(uow, user_id)
    answered = [CaseName(*each) for each in inbox.cases_in(uow, user_id=user_id)]
    inbox.forget(uow, user_id=user_id)
    reviews.forget_account(uow, user_id)
    cases.close_forgotten(uow, answered)
    webhook_events.forget_bodies(uow, user_id=user_id)
    line_plans.forget(uow, user_id)
    line_accounts.remove(uow, user_id)
