"""Membership as its own dated state (在籍 / 休会 / 退会), and being forgotten."""

from datetime import datetime

from bot.store import (
    UnitOfWork,
    history,
    inbox,
    line_accounts,
    members,
    outbox,
    profiles,
    webhook_events,
)
from rules.activity import By, Membership, MembershipChanged
from rules.timeline import Timeline

from .once import once
from .outcome import Outcome
from .record import Request, carry_out, record


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

    Erasing someone who was erased before does nothing.
    """

    def work() -> Outcome:
        return _erase(uow, timeline, member_id, key=key, by=by, now=now)

    return once(uow, key, f"erase {member_id} {by}", work, now=now)


def _erase(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, by: By, now: datetime
) -> Outcome:
    known = members.get(uow, member_id)
    if known is not None and known.line_user_id is not None:
        # The account first, as the chat does: so nobody waits in a circle.
        line_accounts.lock(uow, known.line_user_id)
    member = members.lock(uow, member_id)
    if member.erased_at is not None:
        return Outcome(member_id)
    outcome = Outcome(member_id, balance=member.facts.balance)
    if member.membership != "left":
        leaves = Request(key, member_id, MembershipChanged("left"), now, by=by)
        outcome = carry_out(uow, timeline, member, leaves, now=now)
    history.forget(uow, member_id)
    profiles.forget(uow, member_id)
    outbox.drop_queued(uow, [member_id])
    if member.line_user_id is not None:
        inbox.forget(uow, user_id=member.line_user_id)
        webhook_events.forget_bodies(uow, user_id=member.line_user_id)
        line_accounts.remove(uow, member.line_user_id)
    members.forget(uow, members.lock(uow, member_id), at=now)
    return outcome
