"""What the club's journeys brought is counted once a day, one journey a tick: each reads all that
it ever sent."""

import structlog

from bot.store import StoreBusy
from bot.store.messages import journey_counts
from handlers.club import Club
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted

log = structlog.get_logger(__name__)


def count_next(club: Club) -> bool:
    """Counts a journey that was not counted today; gives whether there was one. What goes wrong is
    told to the log, and tried again at the next tick."""
    now = club.now()
    programme = club.timeline().at(now).programme
    today = programme.shop.business_date(now)
    journeys = journeys_to_queue(programme)
    with club.store.read() as uow:
        kept = journey_counts.of(uow, journeys)
    due = [j for j in journeys if j.id not in kept or kept[j.id].counted_on < today]
    if not due:
        return False
    try:
        [found] = counted(club, programme, due[:1], now=now)
        with club.store.begin() as uow:
            journey_counts.put(uow, found, on=today)
    except StoreBusy:
        log.info("journey_count_waits", journey=due[0].id)
    except Exception:
        log.exception("journey_not_counted", journey=due[0].id)
    return True
