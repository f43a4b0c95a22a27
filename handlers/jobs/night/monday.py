"""Monday's five lines, told to the people of NOTIFY_URLS once a week, whichever process it is;
tried again where nobody heard."""

from datetime import UTC, date, datetime, time, timedelta

import structlog

from bot.alarms import Alarms
from bot.store import UnitOfWork
from bot.store.finding import ticks
from handlers.club import Club
from handlers.showing.monday import NIGHT_LATE_AFTER
from handlers.showing.monday_note import MondayNote, monday_note
from rules.programme.programme import Programme
from rules.shop import week_start

from . import nightly

#: They come in the morning of the first day, on which somebody may read them: from then on, by the
#: shop's clock.
MORNING = time(7)
#: And on the second where the first was missed; after that the week is half over.
_DAYS = 2
_REST = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class MondayTelling:
    """Looks at each tick; never fails."""

    def __init__(self, club: Club, alarms: Alarms) -> None:
        self._club, self._alarms = club, alarms
        self._again_at = datetime.min.replace(tzinfo=UTC)
        #: The Monday of which all is told; also where that could not be noted.
        self._told: date | None = None

    def follow(self) -> None:
        """Nothing where nobody is to be told."""
        if not self._alarms.people:
            return
        try:
            self._follow()
        except Exception:
            log.exception("monday_not_told")
            self._again_at = self._club.now() + _REST

    def _follow(self) -> None:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        day = programme.shop.business_date(now)
        monday = week_start(day)
        if self._told == monday or (day - monday).days >= _DAYS or now < self._again_at:
            return
        key = f"tick:monday:{monday}"
        with self._club.store.read() as uow:
            is_told = ticks.tick_done(uow, key)
            if not (is_told or _is_time(uow, programme, day, now)):
                return
        if not is_told:
            note = monday_note(self._club)
            if note is not None and not self._tells(note):
                self._again_at = now + _REST
                return
            self._told = monday
            with self._club.store.begin() as uow:
                ticks.mark_tick(uow, key, at=now)
        self._told = monday

    def _tells(self, note: MondayNote) -> bool:
        told = self._alarms.tell(note.title, note.text)
        return told.by_any


def _is_time(uow: UnitOfWork, programme: Programme, day: date, now: datetime) -> bool:
    """Whether it is morning, and the night's work over, as what it finds is told of. A night that
    failed keeps nobody from hearing the rest."""
    shop = programme.shop
    morning = datetime.combine(day, MORNING, tzinfo=shop.zone)
    since = max(morning, shop.opens(day))
    if now < since:
        return False
    return nightly.is_done(uow, day) or now >= since + NIGHT_LATE_AFTER
