"""What the club's journeys brought is counted once a day, one journey a tick: each reads all that
it ever sent."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.store import StoreBusy
from bot.store.messages import journey_counts
from handlers.club import Club
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted

#: So long one is left that can't be counted; the others go on.
_REST = timedelta(hours=1)
_EVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


class JourneyCounting:
    """Counts a journey at each tick, until all are of today."""

    def __init__(self, club: Club) -> None:
        self._club = club
        #: By journey's id: until when it rests.
        self._rests: dict[str, datetime] = {}

    def count_next(self) -> bool:
        """Counts a journey that was not counted today; gives whether there was one. What goes wrong
        is told to the log, and tried again later."""
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        today = programme.shop.business_date(now)
        journeys = journeys_to_queue(programme)
        with self._club.store.read() as uow:
            kept = journey_counts.of(uow, journeys)
        # Of another day: also of one to come, as a clock that was wrong leaves it.
        due = [j for j in journeys if j.id not in kept or kept[j.id].counted_on != today]
        due = [j for j in due if now >= self._rests.get(j.id, _EVER)]
        if not due:
            return False
        try:
            [found] = counted(self._club, programme, due[:1], now=now)
            with self._club.store.begin() as uow:
                journey_counts.put(uow, found, on=today)
        except StoreBusy:
            log.info("journey_count_waits", journey=due[0].id)
        except Exception:
            log.exception("journey_not_counted", journey=due[0].id)
            self._rests[due[0].id] = now + _REST
        return True
