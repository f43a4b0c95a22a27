"""What is counted for the page of costs: messages, a day at a time, and vouchers in hand, once a
day, some members at a tick."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import structlog

from bot.store import StoreBusy
from bot.store.figures import costs
from handlers.club import Club
from rules.shop import Shop

log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)
#: A tick goes on with either for so long.
SECONDS_MAX = 0.3
#: Today's messages are counted again after so long; and what went wrong is tried again.
_REST = timedelta(minutes=10)
#: What was on its way at midnight may have gone out on the day before.
_AGAIN = timedelta(days=1)
#: So many days ahead vouchers are said to end soon.
SOON_DAYS = 90
_EVER = datetime.min.replace(tzinfo=UTC)


class CostCounting:
    """Keeps both up with the day."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._rests_until = self._again_at = _EVER
        #: Of vouchers: the last day that is counted, and how far a count has come.
        self._counted_on: date | None = None
        self._reading: Iterator[Mapping[str, tuple[int, int]]] | None = None
        self._reading_on = date.min
        self._found: Mapping[str, tuple[int, int]] = {}

    def follow(self) -> None:
        """What goes wrong is told to the log, and tried again later; vouchers from the first member
        on, as a reading that broke off doesn't go on."""
        now = self._club.now()
        if _rests(now, self._again_at):
            return
        try:
            self._count_messages()
            self._count_vouchers()
        except StoreBusy:
            log.info("costs_wait")
            self._reading = None
        except Exception:
            log.exception("costs_not_counted")
            self._reading = None
            self._again_at = now + _REST

    def _count_messages(self) -> None:
        now = self._club.now()
        if _rests(now, self._rests_until):
            return
        shop, ends = self._shop(), time.monotonic() + SECONDS_MAX
        today = shop.local(now).date()
        for day in self._days(shop, today):
            with self._club.store.begin() as uow:
                costs.count_messages(uow, day, _begins(shop, day), _begins(shop, day + _DAY))
            if time.monotonic() >= ends and day < today:
                return
        self._rests_until = now + _REST

    def _days(self, shop: Shop, today: date) -> Iterator[date]:
        """From the last one that is counted on."""
        with self._club.store.read() as uow:
            last, first_at = costs.last_day_counted(uow), None
            if last is None:
                first_at = costs.first_sent_at(uow)
        begins = last - _AGAIN if last else shop.local(first_at).date() if first_at else today
        day = min(begins, today)
        while day <= today:
            yield day
            day += _DAY

    def _count_vouchers(self) -> None:
        today = self._shop().business_date(self._club.now())
        if self._reading is None:
            if self._counted_on == today:
                return
            with self._club.store.read() as uow:
                held = costs.vouchers_held(uow)
            if held and held[0].counted_on == today:
                self._counted_on = today
                return
            soon = today + SOON_DAYS * _DAY
            self._reading = costs.count_vouchers(self._club.store, today, soon)
            self._reading_on, self._found = today, {}
        ends = time.monotonic() + SECONDS_MAX
        for found in self._reading:
            self._found = found
            if time.monotonic() >= ends:
                return
        # What the last page gave is all there is.
        self._reading = None
        with self._club.store.begin() as uow:
            costs.put_vouchers(uow, self._found, self._reading_on)
        self._counted_on = self._reading_on

    def _shop(self) -> Shop:
        return self._club.timeline().at(self._club.now()).programme.shop


def _rests(now: datetime, until: datetime) -> bool:
    """Whether it isn't time yet. A clock that was turned back doesn't rest for ever."""
    return now < until <= now + _REST


def _begins(shop: Shop, day: date) -> datetime:
    """When the day of the calendar begins at the shop."""
    return datetime.combine(day, clock_time(), tzinfo=shop.zone)
