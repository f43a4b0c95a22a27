"""That a till or web shop hasn't answered for a day is told to the people of NOTIFY_URLS, once
until it answers again."""

from datetime import datetime

from bot.store.orders import connections
from rules.orders.asking import FAILING_FOR

from ..watching import PacedWatch


class ConnectionWatch(PacedWatch):
    """Tells of connections."""

    def _follow(self, now: datetime) -> bool:
        with self._club.store.read() as uow:
            found = connections.untold(uow, failing_since=now - FAILING_FOR)
        for each in found:
            text, page = f"alarm.connection.{each.problem}", f"/owner/connections/{each.id}"
            if not self._tells(text, page, name=each.fields.account):
                return False
            with self._club.store.begin() as uow:
                connections.change(uow, each.id, told_at=now)
        return True
