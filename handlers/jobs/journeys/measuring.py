"""What the night decides by itself of what the club's journeys brought."""

from datetime import datetime

import structlog

from bot.store.messages import decisions
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.staff.deciding import note_decision
from handlers.club import Club
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted
from rules.journeys.deciding import Decider, promote
from rules.journeys.results import club_results
from rules.programme.counter import Flag

log = structlog.get_logger(__name__)


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
