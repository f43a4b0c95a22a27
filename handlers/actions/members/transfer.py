"""A new telephone, the LINE account lost: the old card goes onto the new account.

The new account was given a card by itself when it was added; that one is merged into the old card.
The old account loses its cards, and what it still shows is closed by a new issue. Whoever still has
it may join anew, and was welcomed before.
"""

from dataclasses import dataclass

from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from . import moving
from .joined_before import note_joining
from .merge import IdentityCheck, MergeRequest, merge_now


@dataclass(frozen=True, slots=True)
class Transfer:
    """A card that goes over to a new LINE account."""

    #: The card found by search.
    old_id: int
    #: The card that the new account shows.
    new_id: int
    checked: IdentityCheck


def transfer(work: Work, wish: Transfer) -> Outcome:
    """Puts the old card onto the new card's LINE account; how it was checked is logged.

    Refused with transfer_no_line (the new card is on no account), or as merging and issuing anew
    are.
    """

    def act() -> Outcome:
        old, new = members.get(work.uow, wish.old_id), members.get(work.uow, wish.new_id)
        if old is None or new is None:
            raise LookupError("no such member")
        if new.line_user_id is None and new.merged_into is None and new.id != old.id:
            no = Refusal("transfer_no_line")
            return outcome_of_refusal(old.id, no)
        lost = old.line_user_id if old.line_user_id != new.line_user_id else None
        merging = MergeRequest(old.id, new.id, line=new.line_user_id, lost=lost, reissued=True)
        outcome = merge_now(work, merging)
        if not outcome.done:
            return outcome
        if lost:
            note_joining(work, [lost])
        note(work, "transfer", member_id=old.id, other=new.id, checked=wish.checked)
        moving.note_unusual(work, members.lock(work.uow, old.id))
        return outcome

    asked = f"transfer {wish.old_id} {wish.new_id} {wish.checked}"
    return once(work, asked, act)
