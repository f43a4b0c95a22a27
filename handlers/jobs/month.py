"""The quota's month: begun when its first message is due, LINE's figures looked at now and then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.line.errors import LineError
from bot.store import outbox, quota
from bot.store.quota import QuotaState
from handlers.club import Club
from rules import quota as rules
from rules.quota import Demand
from rules.sending import MONTH
from rules.shop import Shop

from .answers import FOR_QUOTA, Patience

log = structlog.get_logger(__name__)

#: How often is worked out anew what the journeys still want of the month's messages.
_DEMANDS_EVERY = timedelta(hours=1)


def quota_state(club: Club, now: datetime) -> QuotaState:
    """How the month of `now` stands, as far as this club knows."""
    with club.store.read() as uow:
        return quota.state(uow, rules.month_of(_shop(club, now), now), now=now)


def demands(club: Club, now: datetime) -> list[Demand]:
    """What journeys still want of the month's messages, if they go on as in the last 30 days."""
    left = rules.days_left(_shop(club, now), now)
    with club.store.read() as uow:
        sent = outbox.sent_by_journey(uow, since=now - MONTH)
    return [
        Demand(journey, priority, rules.expected(count, days=MONTH.days, days_left=left))
        for journey, priority, count in sent
    ]


def _shop(club: Club, now: datetime) -> Shop:
    return club.timeline().at(now).programme.shop


class Month:
    """Knows when LINE is to be asked again. Several workers share what it is told."""

    def __init__(self, club: Club, patience: Patience) -> None:
        self._club = club
        self._every = patience.quota
        self._month: date | None = None
        self._look_at: datetime | None = None
        self._demands: Sequence[Demand] = ()
        self._demands_until: datetime | None = None

    def look(self, now: datetime) -> QuotaState:
        """How the month stands, after asking LINE if it is time."""
        month = rules.month_of(_shop(self._club, now), now)
        if month != self._month:
            self._begin(month, now)
        if self._look_at is None or now >= self._look_at:
            # Sooner than it is due: whose turn it is to ask may be dead by then.
            self._look_at = now + self._every / 4
            self._ask(month, now)
        return quota_state(self._club, now)

    def demands(self, state: QuotaState, now: datetime) -> Sequence[Demand]:
        """What is still wanted of the month's messages; nothing where there is no limit."""
        if state.plan is None:
            return ()
        if self._demands_until is None or now >= self._demands_until:
            self._demands, self._demands_until = demands(self._club, now), now + _DEMANDS_EVERY
        return self._demands

    def _begin(self, month: date, now: datetime) -> None:
        with self._club.store.begin() as uow:
            if quota.begin_month(uow, month):
                outbox.wake(uow, reason=FOR_QUOTA, now=now)
        self._month, self._look_at, self._demands_until = month, None, None

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
