"""Taking back an earlier activity of a member's: it counts as if it had not been, whatever was
spent since (`rules/judging/taken_back.py`). What that comes to is written down like any rewriting.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.store.history import history, ledger
from bot.store.members.members import Member
from rules.activity import TakenBack
from rules.judging.replay import RecordedActivity, corrections
from rules.judging.undo import RemainingHistory, ran_out

from .record import Request, activity_of
from .rewrite import AddedActivity, RewrittenHistory
from .work import Work


def work_out(
    work: Work, member: Member, whats: Sequence[TakenBack], *, store: str | None = None
) -> RewrittenHistory:
    """What all of it (at least one) comes to for the locked member; nothing is written. `store` is
    where it was."""
    past = history.of(work.uow, member.id)
    said = _recorded(work, member, whats, store)
    judged = work.replay(member, [*past, *said])
    off = corrections(ledger.granted(work.uow, member.id), judged)
    gone = ran_out([c for c in off if c.points < 0], ledger.expired(work.uow, member.id))
    if gone:
        *others, last = whats
        said = _recorded(work, member, (*others, replace(last, ran_out=gone)), store)
        judged = work.replay(member, [*past, *said])
    added = tuple(AddedActivity(each, work.key) for each in said)
    before = history.rank_history(work.uow, member.id)
    result = RemainingHistory((*past, *said), judged)
    return RewrittenHistory(member, (), added, result, before)


def _recorded(
    work: Work, member: Member, whats: Sequence[TakenBack], store: str | None
) -> tuple[RecordedActivity, ...]:
    requests = (Request(member.id, what, work.now, store) for what in whats)
    return tuple(
        RecordedActivity(seq, activity_of(work, member, request))
        for seq, request in enumerate(requests, member.seq + 1)
    )
