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

#: What is said of a night, once each: with which words to people; None to the check.
_SAID: dict[str, str | None] = {"alarmed": "late", "eased": "caught_up", "pinged": None}

log = structlog.get_logger(__name__)


class NightWatch:
    """Looks at each tick; never fails."""

    def __init__(self, club: Club, alarms: Alarms) -> None:
        self._club, self._alarms = club, alarms
        self._again_at = datetime.min.replace(tzinfo=UTC)
        #: The business day of which all is said.
        self._over: date | None = None
        #: What was heard, also where it could not be noted, as with a disk that is full.
        self._heard: set[str] = set()

    def follow(self) -> None:
        try:
            self._follow()
        except Exception:
            log.exception("night_not_watched")
            self._again_at = self._club.now() + _REST

    def _follow(self) -> None:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        day = programme.shop.business_date(now)
        since = programme.shop.opens(day) + AFTER_OPENING
        if self._over == day or now < max(since, self._again_at):
            return
        with self._club.store.read() as uow:
            done = is_done(uow, day) and is_queued(uow, programme, day)
            said = {each for each in _SAID if ticks.tick_done(uow, _key(each, day))}
        if done:
            due = {"pinged", "eased"} if "alarmed" in said else {"pinged"}
        else:
            due = {"alarmed"} if now >= since + LATE_AFTER else set()
        heard = [self._says(each, programme, day) for each in sorted(due - said)]
        if not all(heard):
            self._again_at = now + _REST
        elif done:
            self._over = day

    def _says(self, what: str, programme: Programme, day: date) -> bool:
        """Whether it was heard, by which it is said for good: each by itself, so that one who does
        not hear has nobody else told again."""
        words, key = _SAID[what], _key(what, day)
        if key not in self._heard:
            if not (self._tells(words, programme, day) if words else self._alarms.ping()):
                return False
            self._heard = {each for each in self._heard if each.endswith(f":{day}")} | {key}
        self._mark(key, self._club.now())
        return True

    def _tells(self, what: str, programme: Programme, day: date) -> bool:
        name, url = programme.shop.name, self._club.base_url
        lines = [
            Words(programme, lang).say(f"alarm.night.{what}", shop=name.in_(lang), day=day, url=url)
            for lang in LANGS
        ]
        told = self._alarms.tell(say("ja", "alarm.title", shop=name.ja), "\n\n".join(lines))
        return told.by_any

    def _mark(self, key: str, now: datetime) -> None:
        with self._club.store.begin() as uow:
            ticks.mark_tick(uow, key, at=now)


def _key(what: str, day: date) -> str:
    return f"tick:night_{what}:{day}"
