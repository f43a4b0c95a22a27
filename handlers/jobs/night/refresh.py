"""Filling in what members of before lack: facts that older versions didn't keep or said otherwise,
and the columns that follow from them. Worked out from the history; nothing else about them changes.
"""

from collections.abc import Iterator
from dataclasses import replace

import structlog

from bot.store import Store, UnitOfWork
from bot.store.finding import due_members
from bot.store.finding.ticks import set_columns_filled
from bot.store.history import history
from bot.store.members import members
from handlers.club import Club
from rules.facts import changed
from rules.journeys.candidates import DRIFT_ON
from rules.journeys.kinds import OWN_DAYS
from rules.judging.replay import replay_like
from rules.programme.timeline import Timeline
from rules.science.drift import Foresight

log = structlog.get_logger(__name__)

#: Days that are nowhere before the row is written again: a journey kind may keep one of its own.
_COLUMNS = ",".join(sorted(day.name for day in (DRIFT_ON, *OWN_DAYS)))


def count_stale(store: Store) -> int:
    """How many lack something."""
    with store.read() as uow:
        return due_members.count_stale(uow, columns=_COLUMNS)


def refresh(club: Club) -> Iterator[int]:
    """Each member that lacks something, in turn, with what it takes filled in; gives their ids.

    Broken off halfway, or with some whom it could not do, it is done by the next time.
    """
    timeline, all_done = club.timeline(), True
    foresight = club.foresight()
    for member_id in due_members.stale(club.store, columns=_COLUMNS):
        try:
            with club.store.begin() as uow:
                _refresh(uow, timeline, foresight, member_id)
        except ValueError:
            # A row that can't be read. The others are not left without for it.
            log.exception("member_not_refreshed", member_id=member_id)
            all_done = False
        yield member_id
    if all_done:
        with club.store.begin() as uow:
            set_columns_filled(uow, _COLUMNS)


def _refresh(uow: UnitOfWork, timeline: Timeline, foresight: Foresight, member_id: int) -> None:
    member = members.lock(uow, member_id)
    past = history.of(uow, member_id)
    if not past:
        return
    judged = replay_like(timeline, past, member.facts)
    known = judged.facts
    facts = changed(
        member.facts,
        visit_days=known.visit_days,
        visit_day_count=known.visit_day_count,
        recent=known.recent,
        close_until=known.close_until,
        last_active_on=known.last_active_on,
        pauses=known.pauses,
        rank=known.rank,
    )
    if judged.rank_changes != history.rank_history(uow, member_id):
        history.replace_rank_changes(uow, member_id, judged.rank_changes)
    members.save(uow, replace(member, facts=facts), foresight)
