"""Taking back an earlier activity of a member's: it counts as if it had not been, whatever was
spent since (`rules/judging/taken_back.py`). First it is worked out what that comes to, then
written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store.history import history, ledger
from bot.store.members.members import Member
from rules.activity import TakenBack
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay, corrections, replay_like
from rules.judging.undo import ran_out
from rules.programme.ranks import RankChange

from .record import Request, Writer, activity_of
from .work import Work


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What taking something back comes to."""

    member: Member
    #: The activities that say so.
    recorded: tuple[RecordedActivity, ...]
    #: The whole history with it.
    history: tuple[RecordedActivity, ...]
    judged: Replay
    #: The steps on the ladder that go.
    ranks_gone: tuple[RankChange, ...]


def work_out(work: Work, member: Member, whats: Sequence[TakenBack]) -> TakingBack:
    """What all of it (at least one) comes to for the locked member; nothing is written."""
    past = history.of(work.uow, member.id)
    recorded = _recorded(work, member, whats)
    judged = replay_like(work.timeline, [*past, *recorded], member.facts)
    off = corrections(ledger.granted(work.uow, member.id), judged)
    gone = ran_out([c for c in off if c.points < 0], ledger.expired(work.uow, member.id))
    if gone:
        *others, last = whats
        recorded = _recorded(work, member, (*others, replace(last, ran_out=gone)))
        judged = replay_like(work.timeline, [*past, *recorded], member.facts)
    before = history.rank_history(work.uow, member.id)
    ranks_gone = tuple(change for change in before if change not in judged.rank_changes)
    return TakingBack(member, recorded, (*past, *recorded), judged, ranks_gone)


def _recorded(
    work: Work, member: Member, whats: Sequence[TakenBack]
) -> tuple[RecordedActivity, ...]:
    store = work.actor.store if work.actor else None
    requests = (Request(member.id, what, work.now, store) for what in whats)
    return tuple(
        RecordedActivity(seq, activity_of(work, member, request))
        for seq, request in enumerate(requests, member.seq + 1)
    )


def write_down(work: Work, taking: TakingBack) -> None:
    """Makes it so, under the work's key."""
    member = taking.member
    write = Writer(work, member)
    for each in taking.recorded:
        decision = taking.judged.decision(each.seq)
        if not isinstance(decision, Decision):
            raise ValueError("taking back is never refused")
        write.activity(each.seq, each.activity)
        write.grants(each.seq, each.activity, decision)
    off = corrections(ledger.granted(work.uow, member.id), taking.judged)
    write.correct(taking.history, off)
    history.replace_rank_changes(work.uow, member.id, taking.judged.rank_changes)
    write.save(taking.judged.facts, taking.recorded[-1].seq)
