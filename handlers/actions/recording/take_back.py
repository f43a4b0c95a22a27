"""Taking back an earlier activity of a member's: it counts as if it had not been, whatever was
spent since (`rules/judging/taken_back.py`). First it is worked out what that comes to, then
written down.
"""

from dataclasses import dataclass, replace

from bot.store.history import history, ledger
from bot.store.members.members import Member
from rules.activity import TakenBack
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay, corrections, replay
from rules.judging.undo import ran_out
from rules.programme.ranks import RankChange

from .record import Request, Writer, activity_of
from .work import Work


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What taking something back comes to."""

    member: Member
    #: The activity that says so.
    recorded: RecordedActivity
    #: The whole history with it.
    history: tuple[RecordedActivity, ...]
    judged: Replay
    #: The steps on the ladder that go.
    ranks_gone: tuple[RankChange, ...]


def work_out(work: Work, member: Member, what: TakenBack) -> TakingBack:
    """What it comes to for the locked member; nothing is written."""
    store = work.actor.store if work.actor else None
    activity = activity_of(work, member, Request(member.id, what, work.now, store))
    past = history.of(work.uow, member.id)
    recorded = RecordedActivity(member.seq + 1, activity)
    judged = replay(work.timeline, [*past, recorded], member.facts.settled)
    off = corrections(ledger.granted(work.uow, member.id), judged)
    gone = ran_out([c for c in off if c.points < 0], ledger.expired(work.uow, member.id))
    if gone:
        what = replace(what, ran_out=gone)
        recorded = replace(recorded, activity=replace(activity, what=what))
        judged = replay(work.timeline, [*past, recorded], member.facts.settled)
    before = history.rank_history(work.uow, member.id)
    ranks_gone = tuple(change for change in before if change not in judged.rank_changes)
    return TakingBack(member, recorded, (*past, recorded), judged, ranks_gone)


def write_down(work: Work, taking: TakingBack) -> None:
    """Makes it so, under the work's key."""
    member, seq = taking.member, taking.recorded.seq
    decision = taking.judged.decision(seq)
    if not isinstance(decision, Decision):
        raise ValueError("taking back is never refused")
    write = Writer(work, member)
    write.activity(seq, taking.recorded.activity)
    write.grants(seq, taking.recorded.activity, decision)
    off = corrections(ledger.granted(work.uow, member.id), taking.judged)
    write.correct(taking.history, off)
    history.replace_rank_changes(work.uow, member.id, taking.judged.rank_changes)
    write.save(taking.judged.facts, seq)
