"""A new telephone, the LINE account lost: the old card goes onto the new account.

The new account was given a card by itself when it was added; that one is merged into the old card.
The old account loses its cards, and what it still shows is closed by a new issue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.store import UnitOfWork
from bot.store.members import members
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .merge import Merging, merge_now

#: How staff made sure who it is.
Checked = Literal["birthday", "phone", "known", "document"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """`old_id` is the card found by search, `new_id` the one that the new account shows."""

    key: str
    old_id: int
    new_id: int
    checked: Checked


def transfer(
    uow: UnitOfWork, timeline: Timeline, desk: Desk, wish: Transfer, *, now: datetime
) -> Outcome:
    """Puts the old card onto the new card's LINE account; how it was checked is logged.

    Refused with transfer_no_line (the new card is on no account), or as merging and issuing anew
    are.
    """

    def work() -> Outcome:
        old, new = members.get(uow, wish.old_id), members.get(uow, wish.new_id)
        if old is None or new is None:
            raise LookupError("no such member")
        if new.line_user_id is None and new.merged_into is None and new.id != old.id:
            no = Refusal("transfer_no_line")
            return refused(old.id, no, balance=old.facts.balance)
        lost = old.line_user_id if old.line_user_id != new.line_user_id else None
        merging = Merging(
            wish.key, old.id, new.id, "staff", line=new.line_user_id, lost=lost, reissued=True
        )
        outcome = merge_now(uow, timeline, merging, store=desk.store, now=now)
        if not outcome.done:
            return outcome
        note(
            uow, desk, "transfer", now=now, key=wish.key, member_id=old.id, other=new.id,
            checked=wish.checked,
        )  # fmt: skip
        return outcome

    asked = f"transfer {wish.old_id} {wish.new_id} {wish.checked}"
    return once(uow, wish.key, asked, work, now=now)
