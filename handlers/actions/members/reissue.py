"""A lost card issued anew: the old code is closed, the number and everything on it stays."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement

#: An issue fits two bytes of the card's code.
ISSUE_MAX = 2**16 - 1


def reissue(work: Work, member_id: int) -> Acknowledgement:
    """Issues the card anew. Codes of the issue before are "closed" from now on, printed or shown.

    Refused with erased, merged or card_issues.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        if refusal := next_issue(work.uow, member, at=work.now):
            return Acknowledgement(refusal.code)
        note(work, "reissue", member_id=member_id, issue=member.issues + 1)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"reissue {member_id}", act)


def next_issue(
    uow: UnitOfWork, member: members.Member, *, at: datetime | None = None
) -> Refusal | None:
    """Closes the card of a locked member `at` that moment and opens its next issue, of a number
    that none had; a refusal where it can't be."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    if member.issues >= ISSUE_MAX:
        return Refusal("card_issues")
    members.set_issue(uow, member.id, member.issues + 1, at=at)
    return None
