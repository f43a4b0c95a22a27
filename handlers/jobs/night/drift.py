"""The day on which each member drifts, moved wherever the club foresees another: it has learned
something new of its members' returns, or its shop is closed on other days. Whom the night noted as
staying away goes by these days, so that is noted anew.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.store import UnitOfWork
from bot.store.finding import drift_days, ticks
from bot.store.finding.drift_days import KeptDay
from bot.store.history import return_fits
from bot.store.history.programs import NOTICE
from handlers.club import Club
from rules.science.drift import Foresight

from . import risks

log = structlog.get_logger(__name__)


class DriftDays:
    """Looks at every tick whether all days are by the foresight of this moment."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._done = ""

    def follow(self) -> int:
        """Moves the days if need be, a page of members in a transaction; gives how many moved.

        That all are moved is noted last, so that what broke off is done anew. It begins when every
        process knows what was learned: who writes a row meanwhile writes the same day.
        """
        foresight = self._club.foresight()
        mark = foresight.fingerprint
        if mark == self._done:
            return 0
        with self._club.store.read() as uow:
            is_noted = ticks.foreseen_by(uow) == mark
            if not is_noted and _is_news(uow, self._club.now()):
                return 0
        moved = 0
        if not is_noted:
            moved = sum(self._move(foresight, page) for page in drift_days.pages(self._club.store))
            self._note_risks()
            with self._club.store.begin() as uow:
                ticks.set_foreseen_by(uow, mark)
            log.info("drift_days_moved", moved=moved)
        self._done = mark
        return moved

    def _note_risks(self) -> None:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        risks.refresh(self._club, programme, programme.shop.business_date(now))

    def _move(self, foresight: Foresight, page: Sequence[KeptDay]) -> int:
        days = [(kept, _day(foresight, kept)) for kept in page]
        others = [(kept, day) for kept, day in days if day != kept.day]
        if not others:
            return 0
        with self._club.store.begin() as uow:
            return drift_days.move(uow, others)


def _is_news(uow: UnitOfWork, now: datetime) -> bool:
    """Whether another process may not know yet what was learned last."""
    fit = return_fits.newest(uow)
    return fit is not None and timedelta(0) <= now - fit.at < NOTICE


def _day(foresight: Foresight, kept: KeptDay) -> date | None:
    try:
        return foresight.drift_on(kept.facts)
    except ValueError:
        # A row that can't be read: its day stays, and the others move.
        log.exception("drift_day_not_moved", member_id=kept.member_id)
        return kept.day
