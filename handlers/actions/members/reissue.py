"""A lost card issued anew: the old code is closed, the number and everything on it stays."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from rules.base import Refusal

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused

#: An issue fits two bytes of the card's code.
ISSUE_MAX = 2**16 - 1


def reissue(uow: UnitOfWork, desk: Desk, member_id: int, *, key: str, now: datetime) -> Outcome:
    """Issues the card anew. Codes of the issue before are "closed" from now on, printed or shown.

    Refused with erased, merged or card_issues.
    """

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        if refusal := next_issue(uow, member):
            return refused(member_id, refusal, balance=member.facts.balance)
        note(uow, desk, "reissue", now=now, key=key, member_id=member_id, issue=member.issue + 1)
        return Outcome(member_id, balance=member.facts.balance)

    return once(uow, key, f"reissue {member_id}", work, now=now)


def next_issue(uow: UnitOfWork, member: members.Member) -> Refusal | None:
    """Closes the card of a locked member and opens its next issue; a refusal where it can't be."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    if member.issue >= ISSUE_MAX:
        return Refusal("card_issues")
    members.set_issue(uow, member.id, member.issue + 1)
    return None
