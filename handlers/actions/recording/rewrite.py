"""Rewriting one member's history: some activities taken out, others put in.

First it is worked out what that comes to, and nothing is written; then, if nobody minds, it is
written down: what was spent goes back into its lots, the ledger is corrected by the difference.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.store.heard import reviews
from bot.store.history import history, ledger, receipts, reward_codes, stock
from bot.store.members.members import Member
from bot.store.orders import bought
from handlers.actions.recording.work import Work
from rules.activity import Occasion, Purchase, Redemption, TakenBack
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, corrections
from rules.judging.undo import Ledger, RemainingHistory, without
from rules.programme.ranks import RankChange

from .record import Writer


@dataclass(frozen=True, slots=True)
class AddedActivity:
    """An activity that is put in, by the outside key it belongs to."""

    recorded: RecordedActivity
    key: str


@dataclass(frozen=True, slots=True)
class RewrittenHistory:
    """What a member's history comes to after a rewriting."""

    member: Member
    #: The activities that were taken out.
    gone: tuple[RecordedActivity, ...]
    #: Those that were put in.
    added: tuple[AddedActivity, ...]
    without: RemainingHistory
    #: The steps on the ladder as they were noted so far.
    ranks_before: tuple[RankChange, ...]

    @property
    def points(self) -> int:
        """By how much the balance changes."""
        return self.without.judged.facts.balance - self.member.facts.balance

    @property
    def ranks_gone(self) -> tuple[RankChange, ...]:
        """The steps on the ladder that go."""
        stand = self.without.judged.rank_changes
        return tuple(change for change in self.ranks_before if change not in stand)


def work_out(
    work: Work,
    member: Member,
    gone: Collection[RecordedActivity],
    *,
    added: Sequence[AddedActivity] = (),
) -> RewrittenHistory:
    """What taking `gone` (at least one) out of the locked member's history would come to."""
    past = [*history.of(work.uow, member.id), *(each.recorded for each in added)]
    result = without(
        work.timeline,
        past,
        {recorded.seq for recorded in gone},
        member.facts,
        ledger=Ledger(ledger.granted(work.uow, member.id), ledger.expired(work.uow, member.id)),
        seq=member.seq + len(added) + 1,
    )
    before = history.rank_history(work.uow, member.id)
    return RewrittenHistory(member, tuple(gone), tuple(added), result, before)


def write_down(work: Work, rewritten: RewrittenHistory) -> None:
    """Makes it so, under the work's outside key."""
    member, result = rewritten.member, rewritten.without
    write = Writer(work, member)
    if seqs := [recorded.seq for recorded in rewritten.gone]:
        history.mark_undone(work.uow, member.id, seqs, at=work.now, by=work.key)
    for recorded in rewritten.gone:
        write.refund(recorded.seq, recorded.activity)
        _give_back(work, member, recorded)
    new = [(each.recorded, each.key) for each in rewritten.added]
    if result.stopgap is not None:
        new.append((result.stopgap, work.key))
    for recorded, cause in new:
        _add(write, recorded, result.judged.decision(recorded.seq), key=cause)
    off = corrections(ledger.granted(work.uow, member.id), result.judged)
    write.correct([*result.history, *rewritten.gone], off)
    if result.judged.rank_changes != rewritten.ranks_before:
        history.replace_rank_changes(work.uow, member.id, result.judged.rank_changes)
    write.save(result.judged.facts, member.seq + len(new))


def _add(write: Writer, recorded: RecordedActivity, decision: object, *, key: str) -> None:
    if not isinstance(decision, Decision):
        raise ValueError("what is put in must stand")
    write.activity(recorded.seq, recorded.activity, key=key)
    write.grants(recorded.seq, recorded.activity, decision)


def _give_back(work: Work, member: Member, recorded: RecordedActivity) -> None:
    """What is kept outside the history: a receipt's number and lines, the stock of a reward, the
    mark of a review."""
    uow, activity = work.uow, recorded.activity
    match activity.what:
        case Purchase():
            receipts.release_of(uow, member.id, recorded.seq, store=activity.store)
            bought.undo(uow, member.id, recorded.seq)
        case TakenBack():
            bought.undo(uow, member.id, recorded.seq)
        case Redemption(reward=reward):
            if used := work.timeline.at(activity.at).programme.reward(reward):
                stock.give_back(uow, used)
            reward_codes.give_back(uow, member.id, recorded.seq, at=work.now)
        case Occasion(trigger="review"):
            reviews.take_reward_back(uow, member.id, recorded.seq)
