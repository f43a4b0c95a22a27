"""A ladder that changed: who holds a rank that it has no more is placed on the ladder that is.

The place is that of the new ladder which asks no more than the old rank did; where the two count
other things, that of the same height. It holds from the day of the new programme, whenever somebody
looks; what was done since is judged from there, and what comes late from before it is late.
"""

from dataclasses import replace
from datetime import date, datetime

from ..facts import Facts, changed
from ..programme.programme import Programme
from ..programme.ranks import Ladder, RankChange
from ..programme.timeline import Timeline, Version
from .one_visit_short import close_until


def is_due(timeline: Timeline, facts: Facts) -> bool:
    """Whether a version came into force since anything was judged of the member."""
    return timeline.latest.since > facts.last_at and bool(facts.rank.id or facts.rank.lost)


def place(
    timeline: Timeline, facts: Facts, until: datetime
) -> tuple[Facts, tuple[RankChange, ...]]:
    """`facts` placed on the ladders of the versions that came into force since anything was judged
    of the member, `until` included."""
    if not is_due(timeline, facts):
        return facts, ()
    changes: list[RankChange] = []
    for old, new in zip(timeline.versions, timeline.versions[1:], strict=False):
        if facts.last_at < new.since <= until and _day(new) >= facts.settled:
            facts, change = _place(old.programme, new, facts)
            changes += [change] if change else []
    return facts, tuple(changes)


def _day(version: Version) -> date:
    return version.programme.shop.business_date(version.since)


def _place(old: Programme, new: Version, facts: Facts) -> tuple[Facts, RankChange | None]:
    before, ladder = old.ranks, new.programme.ranks
    if before is None or ladder is None:
        # Without a ladder nobody is asked; one that comes back finds them where they were.
        return facts, None
    held, rank = facts.rank, _on(before, ladder, facts.rank.id)
    lost = _on(before, ladder, held.lost)
    if rank == held.id and lost == held.lost:
        return facts, None
    day = _day(new)
    still = ladder.index(lost) > ladder.index(rank)
    state = replace(
        held,
        id=rank,
        since=held.since if rank == held.id else day,
        short=held.short if rank == held.id else 0,
        lost=lost if still else None,
        lost_on=held.lost_on if still else None,
    )
    facts = changed(facts, rank=state, last_at=new.since)
    facts = changed(facts, close_until=close_until(new.programme, facts, day))
    return facts, None if rank == held.id else RankChange(held.id, rank, day, "placed")


def _on(old: Ladder, new: Ladder, rank: str | None) -> str | None:
    """The step of the new ladder for one of the old; None below its first."""
    was = old.get(rank)
    if was is None or new.index(rank) >= 0:
        return rank
    if old.measure != new.measure or old.window != new.window:
        return new.steps[min(old.index(rank), len(new.steps) - 1)].id
    return next((step.id for step in reversed(new.steps) if step.at <= was.at), None)
