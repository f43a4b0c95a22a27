"""The quota's month: begun when its first message is due, LINE's figures looked at now and then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.line.errors import LineError
from bot.store.messages import outbox, quota
from bot.store.messages.quota import QuotaState
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.club import Club
from handlers.showing.month_quota import alarm, demands, quota_state
from rules.programme.counter import Flag, FlagKind
from rules.sending import quota as rules
from rules.sending.quota import Demand
from rules.shop import Shop

from .outcomes import FOR_QUOTA, RetryPolicy

log = structlog.get_logger(__name__)

#: How often is worked out anew what the journeys still want of the month's messages.
_DEMANDS_EVERY = timedelta(hours=1)
#: The flag for each of the rules' alarms.
_FLAGS: dict[str, FlagKind] = {"short": "quota_short", "used_up": "quota_used_up"}


def tell_owner(club: Club, now: datetime) -> None:
    """Keeps a flag for the owner when the month's messages won't do, once for each alarm; one that
    is over is put away."""
    shortage = alarm(club, now)
    key = f"quota:{shortage.key}" if shortage else None
    with club.store.begin() as uow:
        flags.solved(uow, tuple(_FLAGS.values()), at=now, but=key)
    if shortage is None:
        return
    shop = _shop(club, now)
    flag = Flag(
        _FLAGS[shortage.code],
        f"quota:{shortage.key}",
        details={"count": shortage.missing, "journeys": " ".join(shortage.losers)},
    )
    place = Sighting(now, shop.business_date(now), None, None, None)
    with club.store.begin() as uow:
        if flags.add(uow, [flag], place):
            log.warning("quota_alarm", code=shortage.code, missing=shortage.missing)


def _shop(club: Club, now: datetime) -> Shop:
    return club.timeline().at(now).programme.shop


class QuotaMonth:
    """Knows when LINE is to be asked again. Several workers share what it is told."""

    def __init__(self, club: Club, patience: RetryPolicy) -> None:
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
            tell_owner(self._club, now)
        return self._demands

    def _begin(self, month: date, now: datetime) -> None:
        with self._club.store.begin() as uow:
            is_new = quota.begin_month(uow, month)
        if is_new:
            outbox.wake(self._club.store, reason=FOR_QUOTA, now=now)
        self._month, self._look_at, self._demands_until = month, None, None

    def _ask(self, month: date, now: datetime) -> None:
        with self._club.store.read() as uow:
            held = quota.state(uow, month, now=now).held
        if held:
            outbox.skip_late(self._club.store, now=now)
        with self._club.store.begin() as uow:
            if not quota.may_ask(uow, month, now=now, every=self._every):
                return
        try:
            told = self._club.line.quota()
        except LineError as problem:
            log.warning("quota_not_known", kind=type(problem).__name__)
            with self._club.store.begin() as uow:
                quota.note_silence(uow, month, now=now)
            return
        with self._club.store.begin() as uow:
            grew = quota.note_figures(uow, month, plan=told.limit, used=told.used, now=now)
        if grew:
            outbox.wake(self._club.store, reason=FOR_QUOTA, now=now)
            tell_owner(self._club, now)
