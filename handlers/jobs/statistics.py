"""What LINE counts of messages: asked for day by day, as long as it counts them, by one process
for all."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.line.errors import LineError, LineRejected
from bot.store.messages import line_units
from handlers.club import Club
from rules.sending.units import line_day

#: So long LINE is left when it doesn't answer: it does 60 times an hour.
_REST = timedelta(hours=1)
_PACE = timedelta(seconds=65)

log = structlog.get_logger("statistics")


class LineStatistics:
    """Asks LINE, one question a minute: it answers no more for long."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._again_at = datetime.min.replace(tzinfo=UTC)

    def run_if_due(self) -> None:
        """Never fails: what LINE doesn't tell now is asked another time."""
        now = self._club.now()
        if now < self._again_at:
            return
        today = line_day(now)
        with self._club.store.read() as uow:
            period = line_units.next_to_ask(uow, today=today)
        if period is None:
            return
        self._again_at = now + _PACE
        with self._club.store.begin() as uow:
            is_mine = line_units.take_turn(uow, period, today=today)
        if not is_mine:
            return
        until = min(today, period.ends_on)
        try:
            told = self._club.line.unit_statistics(period.unit, period.first_on, until)
        except LineRejected as refusal:
            # Of this one it tells nothing today; it may of the next.
            log.warning("line_statistics_refused", unit=period.unit, status=refusal.status)
        except LineError as trouble:
            log.info("line_statistics_later", reason=type(trouble).__name__)
            self._again_at = now + _REST
            with self._club.store.begin() as uow:
                line_units.give_back(uow, period, today=today)
        else:
            with self._club.store.begin() as uow:
                line_units.note_told(uow, period, told.opened, told.tapped, on=today)
