"""Whether the night's work ended well: said to a check when it did, to people when it didn't."""

from datetime import UTC, date, datetime, timedelta

import structlog

from bot.alarms import Alarms
from bot.store.finding import ticks
from handlers.club import Club
from rules.base import LANGS
from rules.programme.programme import Programme
from rules.wording.texts import say
from rules.wording.words import Words

from ..journeys.queue import is_queued
from .nightly import AFTER_OPENING, is_done

#: So long a night may take before somebody is told; a large club's takes some minutes.
LATE_AFTER = timedelta(minutes=40)
#: So long until it is tried again to tell.
_REST = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class NightWatch:
    """Looks at each tick; never fails."""

    def __init__(self, club: Club, alarms: Alarms) -> None:
        self._club, self._alarms = club, alarms
        self._again_at = datetime.min.replace(tzinfo=UTC)
        #: The business day of which all is said.
        self._over: date | None = None

    def follow(self) -> None:
        try:
            self._follow()
        except Exception:
            log.exception("night_not_watched")

    def _follow(self) -> None:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        day = programme.shop.business_date(now)
        since = programme.shop.opens(day) + AFTER_OPENING
        if self._over == day or now < max(since, self._again_at):
            return
        said, told = f"tick:night_pinged:{day}", f"tick:night_alarmed:{day}"
        with self._club.store.read() as uow:
            done = is_done(uow, day) and is_queued(uow, programme, day)
            is_said, is_told = ticks.tick_done(uow, said), ticks.tick_done(uow, told)
        if done and (is_said or self._says_well(programme, day, after_alarm=is_told)):
            self._mark(said, now)
            self._over = day
        elif done:
            self._again_at = now + _REST
        elif now >= since + LATE_AFTER and not is_told:
            if self._tells("late", programme, day):
                self._mark(told, now)
            else:
                self._again_at = now + _REST

    def _says_well(self, programme: Programme, day: date, *, after_alarm: bool) -> bool:
        """Whether all who are to hear it have."""
        if after_alarm and not self._tells("caught_up", programme, day):
            return False
        return self._alarms.ping()

    def _tells(self, what: str, programme: Programme, day: date) -> bool:
        name, url = programme.shop.name, self._club.base_url
        lines = [
            Words(programme, lang).say(f"alarm.night.{what}", shop=name.in_(lang), day=day, url=url)
            for lang in LANGS
        ]
        return self._alarms.tell(say("ja", "alarm.title", shop=name.ja), "\n\n".join(lines))

    def _mark(self, key: str, now: datetime) -> None:
        with self._club.store.begin() as uow:
            ticks.mark_tick(uow, key, at=now)
