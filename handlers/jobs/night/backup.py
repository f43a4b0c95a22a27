"""The night's back-up: made once for each business day, and again in an hour where it failed."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.archives import Archives
from bot.store.engine.dump import DumpFailed
from handlers.club import Club

log = structlog.get_logger(__name__)

#: What was in the way an hour ago may be gone.
AGAIN_AFTER = timedelta(hours=1)


class NightlyBackup:
    """Looks at each tick whether this day has its back-up. The time is that of the wall: a copy is
    of now, whatever the club's clock says."""

    def __init__(self, club: Club, archives: Archives) -> None:
        self._club, self._archives = club, archives
        self._rests_until = datetime.min.replace(tzinfo=UTC)

    def run_if_due(self) -> bool:
        """Makes it unless there is one; gives whether it did."""
        now = self._club.wall.now()
        if now < self._rests_until:
            return False
        shop = self._club.timeline().latest.programme.shop
        opened = shop.opens(shop.business_date(now))
        made = self._archives.everything()
        if made and made[0].made_at >= opened:
            # Nothing to look for before the next day begins.
            self._rests_until = opened + timedelta(days=1)
            return False
        self._rests_until = now + AGAIN_AFTER
        try:
            archive = self._archives.make(now)
        except (DumpFailed, OSError) as problem:
            log.error("backup_failed", kind=type(problem).__name__, why=str(problem))
            return False
        log.info("backup_made", bytes=archive.size)
        return True
