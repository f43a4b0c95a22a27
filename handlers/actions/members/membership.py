"""Membership as its own dated state (在籍 / 休会 / 退会), and being forgotten."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import line_accounts, members, profiles
from bot.store.members.members import Member
from bot.store.messages import inbox, outbox, webhook_events
from rules.activity import By, Membership, MembershipChanged
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from ..recording.record import Request, carry_out, record
from .merge import forget_account_before


def change_membership(
    uow: UnitOfWork,
    timeline: Timeline,
    member_id: int,
    state: Membership,
    *,
    key: str,
    at: datetime,
    by: By,
    now: datetime,
) -> Outcome:
    """Pauses, ends or resumes a membership as of `at`. What was earned stays for a return."""
    request = Request(key, member_id, MembershipChanged(state), at, by=by)
    return record(uow, timeline, request, now=now)


def erase(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, by: By, now: datetime
) -> Outcome:
    """Ends the membership and removes what identifies the person; the totals stay true.

    Erasing someone who was erased before does nothing. Refused with merged where another card has
    taken this one over: that one is to be erased.
    """

    def work() -> Outcome:
        return _erase(uow, timeline, member_id, key=key, by=by, now=now)

    return once(uow, key, f"erase {member_id} {by}", work, now=now)


def _erase(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, by: By, now: datetime
) -> Outcome:
    # The accounts first, as the chat does: so nobody waits in a circle.
    accounts = line_accounts.attached(uow, member_id)
    known = members.get(uow, member_id)
    if known is not None and known.line_user_id is not None:
        accounts = sorted({*accounts, known.line_user_id})
    for user_id in accounts:
        line_accounts.lock(uow, user_id)
    member = members.lock(uow, member_id)
    if member.erased_at is not None:
        return Outcome(member_id)
    if member.merged_into is not None:
        return refused(member_id, Refusal("merged"), balance=member.facts.balance)
    outcome = Outcome(member_id, balance=member.facts.balance)
    if member.membership != "left":
        leaves = Request(key, member_id, MembershipChanged("left"), now, by=by)
        outcome = carry_out(uow, timeline, member, leaves, now=now)
    # Who was merged into them is the same person.
    for each in (*members.absorbed(uow, member_id), member_id):
        _forget(uow, each, now=now)
    for user_id in accounts:
        _leave(uow, user_id, member, now=now)
    return outcome


def _forget(uow: UnitOfWork, member_id: int, *, now: datetime) -> None:
    history.forget(uow, member_id)
    profiles.forget(uow, member_id)
    outbox.drop_queued(uow, [member_id])
    members.forget(uow, members.lock(uow, member_id), at=now)


def _leave(uow: UnitOfWork, user_id: str, member: Member, *, now: datetime) -> None:
    """What becomes of a LINE account whose card was erased: it goes too, unless it has another card
    or is of somebody else who shared this one."""
    others = members.cards(uow, user_id)
    if not others and user_id == member.line_user_id:
        forget_account(uow, user_id)
        return
    account = line_accounts.get(uow, user_id)
    if account is not None and account.member_id == member.id:
        line_accounts.link(uow, user_id, others[0] if others else None)
        line_accounts.await_answer(uow, user_id, None, now=now)


def forget_account(uow: UnitOfWork, user_id: str) -> None:
    """Removes a LINE account and all that came from its chat. Cards are not touched: somebody who
    shares another one's card goes, and the card stays."""
    forget_account_before(uow, user_id)
    inbox.forget(uow, user_id=user_id)
    webhook_events.forget_bodies(uow, user_id=user_id)
    line_accounts.remove(uow, user_id)
