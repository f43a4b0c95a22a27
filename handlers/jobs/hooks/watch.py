"""That a receiver went off by itself is told to the people of NOTIFY_URLS, once for each."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.alarms import Alarms
from bot.store.hooks import endpoints
from bot.store.hooks.endpoints import HookEndpoint
from handlers.club import Club
from rules.base import LANGS
from rules.wording.texts import say

#: So often it is looked whether one did; and so long until it is tried again to tell.
_PACE, _REST = timedelta(minutes=1), timedelta(minutes=10)

log = structlog.get_logger(__name__)


class HookWatch:
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
            log.exception("hooks_not_watched")
            is_told = False
        self._again_at = now + (_PACE if is_told else _REST)

    def _follow(self, now: datetime) -> bool:
        """Whether everybody was told who is to be."""
        with self._club.store.read() as uow:
            found = endpoints.untold(uow)
        for each in found:
            if not self._tells(each):
                return False
            with self._club.store.begin() as uow:
                endpoints.change(uow, each.id, told_at=now)
        return True

    def _tells(self, endpoint: HookEndpoint) -> bool:
        shop = self._club.timeline().at(self._club.now()).programme.shop
        url = f"{self._club.base_url}/owner/webhooks/{endpoint.id}"
        lines = [
            say(
                lang,
                f"alarm.hook.{endpoint.off_reason}",
                shop=shop.name.in_(lang),
                name=endpoint.fields.name,
                url=url,
            )
            for lang in LANGS
        ]
        title = say("ja", "alarm.title", shop=shop.name.ja)
        return self._alarms.tell(title, "\n\n".join(lines)).by_any
