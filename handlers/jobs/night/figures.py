"""The club's figures, kept at every tick: whatever members did is brought into the sums of days."""

import math
import time
from collections.abc import Iterator

import structlog

from bot.store import StoreBusy
from bot.store.figures import keeping
from handlers.club import Club

log = structlog.get_logger(__name__)

#: So many members are corrected in a transaction: others wait for it on SQLite.
PAGE = 100
#: So long a tick goes on with it; the next one takes up what is left.
SECONDS_MAX = 1.0


class FigureKeeping:
    """Follows what members do. Sums of another version of Kayoi are made anew."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._is_checked = False

    def follow(self, *, seconds_max: float = SECONDS_MAX) -> int:
        """Corrects the sums, some members in a transaction; gives how many it looked at. What goes
        wrong is told to the log: figures wait for the next tick, and nothing else does."""
        done, ends = 0, time.monotonic() + seconds_max
        try:
            self._check()
            for count in corrected(self._club, page=PAGE):
                done += count
                if time.monotonic() >= ends:
                    break
        except StoreBusy:
            log.info("figures_wait")
        except Exception:
            log.exception("figures_not_kept")
        return done

    def _check(self) -> None:
        if self._is_checked:
            return
        with self._club.store.read() as uow:
            is_of_this = keeping.is_of_this_version(uow)
        if not is_of_this:
            keeping.begin_anew(self._club.store)
        self._is_checked = True


def corrected(club: Club, *, page: int) -> Iterator[int]:
    """Corrects the sums until nobody is due; gives after each transaction how many it looked at.
    Whom somebody else holds meanwhile stays due."""
    count = math.inf
    while count:
        shop = club.timeline().at(club.now()).programme.shop
        today = shop.business_date(club.now())
        with club.store.read() as uow:
            if not keeping.anybody_due(uow, today):
                return
        with club.store.begin() as uow:
            count = keeping.correct(uow, shop.business_date, today, limit=page)
        yield int(count)
