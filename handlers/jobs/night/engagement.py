"""What members did lately, counted once in each night: LINE's events are kept for a month alone."""

from datetime import date

import structlog

from bot.store import StoreBusy
from bot.store.figures import acts
from bot.store.figures.acts import CountedActs
from bot.store.finding import engagement
from handlers.club import Club
from rules.heard.engagement import sum_up

from .nightly import AFTER_OPENING

log = structlog.get_logger(__name__)


class EngagementCounting:
    """Counts in the first tick after the night's work, or in the next that there is."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._done_on = date.min

    def run_if_due(self) -> bool:
        """Counts unless it was done on this day; gives whether it did. What goes wrong is told to
        the log, and tried again at the next tick."""
        club, now = self._club, self._club.now()
        shop = club.timeline().at(now).programme.shop
        day = shop.business_date(now)
        if day <= self._done_on or now < shop.opens(day) + AFTER_OPENING:
            return False
        try:
            with club.store.read() as uow:
                is_done = acts.is_counted(uow, day)
            if not is_done:
                pages = engagement.of_last_days(club.store, shop, now)
                summary = sum((sum_up(page.values()) for page in pages), sum_up(()))
                with club.store.begin() as uow:
                    acts.keep(uow, CountedActs(day, now, summary))
        except StoreBusy:
            log.info("engagement_waits")
            return False
        except Exception:
            log.exception("engagement_not_counted")
            return False
        self._done_on = day
        return not is_done
