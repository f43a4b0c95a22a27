"""Bringing a member back from their history, after a clock that was ahead has done its work.

1. What the clock did by itself at a time that has not come yet is taken out of the history.
2. The rest is judged again, up to today and no further.
3. What was taken then goes back into its lots, the ledger is corrected by the difference.
4. Warnings of a day that has not come are owed again.

What people did under the wrong date stays: only they know when it was. Undo it, and repair again.
"""

from dataclasses import dataclass

from bot.store.history import history, ledger
from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.activity import Referral
from rules.base import Refusal
from rules.judging.replay import RecordedActivity, corrections, replay
from rules.judging.undo import RemainingHistory

from .rewrite import RewrittenHistory, write_down


@dataclass(frozen=True, slots=True)
class RepairedMember:
    """What repairing a member comes to."""

    number: str
    #: How many activities of the clock's were taken out.
    gone: int
    #: By how much the balance changes.
    points: int
    rank_before: str | None
    rank: str | None
    #: How many activities of people's are of a time that has not come yet.
    ahead: int
    #: Why nothing was done: the history itself would be refused.
    refused: Refusal | None = None


def repair(work: Work, member_id: int) -> RepairedMember | None:
    """Makes of a member what their history says today; None where they are so already."""
    member = members.lock(work.uow, member_id)
    past = history.of(work.uow, member_id)
    if not past or member.erased_at is not None:
        return None
    ahead = [recorded for recorded in past if recorded.activity.at > work.now]
    gone = tuple(recorded for recorded in ahead if _is_of_the_clock(recorded))
    rest = tuple(recorded for recorded in past if recorded not in gone)
    until, placed = min(member.facts.settled, work.day), min(member.facts.last_at, work.now)
    judged = replay(work.timeline, rest, until, placed=placed)
    before = history.rank_history(work.uow, member_id)
    came_to = RepairedMember(
        member.number,
        gone=len(gone),
        points=judged.facts.balance - member.facts.balance,
        rank_before=member.facts.rank.id,
        rank=judged.facts.rank.id,
        ahead=len(ahead) - len(gone),
        refused=judged.refused[0][1] if judged.refused else None,
    )
    is_so = judged.facts == member.facts and judged.rank_changes == before and not gone
    if is_so and not corrections(ledger.granted(work.uow, member_id), judged):
        return came_to if came_to.ahead or came_to.refused else None
    if came_to.refused is None:
        remaining = RemainingHistory(rest, judged)
        write_down(work, RewrittenHistory(member, gone, (), remaining, before))
        ledger.forget_warnings(work.uow, member_id, after=work.day)
    return came_to


def _is_of_the_clock(recorded: RecordedActivity) -> bool:
    """Whether the clock did it by itself. A friend's visit, which brings a referral, it did not."""
    activity = recorded.activity
    return activity.by == "system" and not isinstance(activity.what, Referral)
