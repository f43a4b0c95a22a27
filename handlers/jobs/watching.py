"""Looking now and then whether people are to be told something; telling never fails."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

import structlog

from bot.alarms import Alarms
from handlers.club import Club
from rules.base import LANGS
from rules.wording.texts import say

#: So often it is looked; and so long until it is tried again to tell.
_PACE, _REST = timedelta(minutes=1), timedelta(minutes=10)

log = structlog.get_logger(__name__)


class PacedWatch(ABC):
    """Looks at a tick now and then; never fails."""

    def __init__(self, club: Club, alarms: Alarms) -> None:
        self._club, self._alarms = club, alarms
        self._again_at = datetime.min.replace(tzinfo=UTC)

    def follow(self) -> None:
        now = self._club.wall.now()
        if now < self._again_at:
            return
        try:
            is_told = self._follow(now)
        except Exception:
            log.exception("not_watched", watch=type(self).__name__)
            is_told = False
        self._again_at = now + (_PACE if is_told else _REST)

    @abstractmethod
    def _follow(self, now: datetime) -> bool:
        """Whether everybody was told who is to be."""

    def _tells(self, text: str, page: str, **values: str) -> bool:
        """Says it in both languages, with the shop's name and the address of the page."""
        shop = self._club.timeline().at(self._club.now()).programme.shop
        url = f"{self._club.base_url}{page}"
        lines = [say(lang, text, shop=shop.name.in_(lang), url=url, **values) for lang in LANGS]
        title = say("ja", "alarm.title", shop=shop.name.ja)
        return self._alarms.tell(title, "\n\n".join(lines)).by_any
