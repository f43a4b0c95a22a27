"""Filling in what members of before lack: facts that older versions didn't keep, and the columns
that follow from them. Worked out from the history; nothing else about them changes."""

from collections.abc import Iterator
from dataclasses import replace

from bot.store import UnitOfWork
from bot.store.finding.due_members import stale
from bot.store.history import history
from bot.store.members import members
from handlers.club import Club
from rules.facts import changed
from rules.judging.replay import replay
from rules.programme.timeline import Timeline


def refresh(club: Club) -> Iterator[int]:
    """Each member that lacks something, in turn, with what it takes filled in; gives their ids.

    Broken off halfway it goes on with the rest the next time.
    """
    timeline = club.timeline()
    for member_id in stale(club.store):
        with club.store.begin() as uow:
            _refresh(uow, timeline, member_id)
        yield member_id


def _refresh(uow: UnitOfWork, timeline: Timeline, member_id: int) -> None:
    member = members.lock(uow, member_id)
    past = history.of(uow, member_id)
    if not past:
        return
    judged = replay(timeline, past, member.facts.settled).facts
    facts = changed(member.facts, visit_days=judged.visit_days, close_until=judged.close_until)
    members.save(uow, replace(member, facts=facts))
