"""The quota's month: begun when its first message is due, LINE's figures looked at now and then."""

from datetime import date, datetime

import structlog

from bot.line.errors import LineError
from bot.store import outbox, quota
from bot.store.quota import QuotaState
from handlers.club import Club

from .answers import Patience
from .deciding import FOR_QUOTA, month_of

log = structlog.get_logger(__name__)


def quota_state(club: Club, now: datetime) -> QuotaState:
    """How the month of `now` stands, as far as this club knows."""
    with club.store.read() as uow:
        return quota.state(uow, month_of(club.timeline(), now), now=now)


class Month:
    """Knows when LINE is to be asked again. Several workers share what it is told."""

    def __init__(self, club: Club, patience: Patience) -> None:
        self._club = club
        self._every = patience.quota
        self._month: date | None = None
        self._look_at: datetime | None = None

    def look(self, now: datetime) -> QuotaState:
        """How the month stands, after asking LINE if it is time."""
        month = month_of(self._club.timeline(), now)
        if month != self._month:
            self._begin(month, now)
        if self._look_at is None or now >= self._look_at:
            # Sooner than it is due: whose turn it is to ask may be dead by then.
            self._look_at = now + self._every / 4
            self._ask(month, now)
        return quota_state(self._club, now)

    def _begin(self, month: date, now: datetime) -> None:
        with self._club.store.begin() as uow:
            if quota.begin_month(uow, month):
                outbox.wake(uow, reason=FOR_QUOTA, now=now)
        self._month, self._look_at = month, None

    def _ask(self, month: date, now: datetime) -> None:
        with self._club.store.begin() as uow:
            if quota.state(uow, month, now=now).held:
                outbox.skip_late(uow, now=now)
            if not quota.may_ask(uow, month, now=now, every=self._every):
                return
        try:
            told = self._club.line.quota()
        except LineError as problem:
            log.warning("quota_not_known", kind=type(problem).__name__)
            with self._club.store.begin() as uow:
                quota.not_told(uow, month, now=now)
            return
        with self._club.store.begin() as uow:
            if quota.told(uow, month, plan=told.limit, used=told.used, now=now):
                outbox.wake(uow, reason=FOR_QUOTA, now=now)
