"""That a receiver went off by itself is told to the people of NOTIFY_URLS, once for each."""

from datetime import datetime

from bot.store.hooks import endpoints

from ..watching import PacedWatch


class HookWatch(PacedWatch):
    """Tells of receivers."""

    def _follow(self, now: datetime) -> bool:
        with self._club.store.read() as uow:
            found = endpoints.untold(uow)
        for each in found:
            text, page = f"alarm.hook.{each.off_reason}", f"/owner/webhooks/{each.id}"
            if not self._tells(text, page, name=each.fields.name):
                return False
            with self._club.store.begin() as uow:
                endpoints.change(uow, each.id, told_at=now)
        return True
