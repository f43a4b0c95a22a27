"""What the club's journeys brought: counted for each, and judged together; and what the night
decides of it by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.store import UnitOfWork
from bot.store.finding import due_members, results
from bot.store.messages import decisions
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.staff.deciding import note_decision
from handlers.club import Club
from rules.journeys.arms import share_held_back
from rules.journeys.counts import CountedJourney, version_span
from rules.journeys.deciding import Decider, in_force, promote
from rules.journeys.journey import Journey
from rules.journeys.results import club_results
from rules.programme.counter import Flag
from rules.programme.programme import Programme

from .audience import journeys_to_queue

log = structlog.get_logger(__name__)


def counted(
    club: Club, programme: Programme, journeys: Sequence[Journey], *, now: datetime
) -> Iterator[CountedJourney]:
    """What was counted of each, as they stand in `programme`."""
    with club.store.read() as uow:
        members = due_members.count_members(uow)
    for journey in journeys:
        with club.store.read() as uow:
            yield replace(_counted(uow, club, programme, journey, now), members=members)


def _counted(
    uow: UnitOfWork, club: Club, programme: Programme, journey: Journey, now: datetime
) -> CountedJourney:
    span = version_span(club.timeline(), journey, now=now)
    found = results.journey_counts(
        uow,
        journey.queued_as,
        window=timedelta(days=journey.measure_days),
        since=span.since,
        now=now,
    )
    is_decided = in_force(decisions.last(uow, journey)) is not None
    share = share_held_back(journey, programme, decided=is_decided)
    first_at = found.first_at
    days = 0.0 if first_at is None else (now - first_at) / timedelta(days=1)
    return CountedJourney(journey, share, found.sides, first_at, days, span.steady)


def promote_winners(club: Club, now: datetime) -> None:
    """Rolls out what has surely won, of the journeys whose programme wants that, and tells the
    owner."""
    programme = club.timeline().at(now).programme
    wanted = [each for each in journeys_to_queue(programme) if each.promote == "winner"]
    found = list(counted(club, programme, wanted, now=now))
    for result in club_results(programme, found).journeys:
        with club.work() as work:
            decider = Decider("night", now, decisions.last(work.uow, result.journey))
            decision = promote(result, decider)
            if decision is None or not note_decision(work, decision):
                continue
            told = {"journeys": decision.journey, "arm": decision.arm or ""}
            key = f"rolled_out:{decision.journey}:{decision.version}"
            flag = Flag("rolled_out", key, details=dict(told))
            flags.add(work.uow, [flag], Sighting(now, work.day, None, None, None))
        log.info("journey_rolled_out", journey=decision.journey, arm=decision.arm)
