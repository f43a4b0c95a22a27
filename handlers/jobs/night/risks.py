"""Who is at risk of being lost: the night's flag on the member's row.

Looked at are those whose flag a day can change, not all: who drifts (`members.drift_on`), who may
lose a rank or miss a badge in these days, and who has a flag that may pass. A visit takes a flag
away at once (`members.save`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

import structlog

from bot.store.finding import risks
from bot.store.members import members
from handlers.club import Club
from rules.journeys.member import MemberOnDay
from rules.journeys.risk import risk_of, seasons_ending
from rules.judging.decide import advance
from rules.programme.programme import Programme
from rules.shop import next_month

log = structlog.get_logger(__name__)


def refresh(club: Club, programme: Programme, day: date) -> int:
    """Brings the flags up to business day `day`; gives how many changed."""
    changed = sum(
        _judge(club, programme, ids, day) for ids in _members_to_judge(club, programme, day)
    )
    log.info("risks_refreshed", changed=changed)
    return changed


def _members_to_judge(club: Club, programme: Programme, day: date) -> Iterator[Sequence[int]]:
    store, ladder = club.store, programme.ranks
    yield from chain(risks.flagged(store, day), risks.drifting(store, day))
    if ladder and (next_month(day) - day).days <= ladder.warn_days:
        yield from risks.ranked(store)
    starts = [since for _, since in seasons_ending(programme, day)]
    if starts:
        yield from risks.here_since(store, programme.shop.opens(min(starts)))


def _judge(club: Club, programme: Programme, ids: Sequence[int], day: date) -> int:
    timeline = club.timeline()
    # Judged by reading alone, so that nobody's writing waits for it; who did something since keeps
    # their flag.
    with club.store.read() as uow:
        before = risks.flags_of(uow, ids)
        found = []
        for member in members.many(uow, ids):
            facts, _ = advance(timeline, member.facts, day)
            risk = risk_of(MemberOnDay(programme, facts, day, timeline.models))
            if risk != before[member.id]:
                found.append((member, risk))
    if found:
        with club.store.begin() as uow:
            risks.write(uow, found)
    return len(found)
