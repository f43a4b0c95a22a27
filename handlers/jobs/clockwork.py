"""The clock's work: one tick that does whatever is due, and travel, which ticks its way there."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

from bot.alarms import Alarms
from bot.archives import Archives
from bot.store.messages import attempts, broadcasts, outbox
from handlers.club import Club
from handlers.showing.month_quota import quota_state

from . import rich_menu
from .broadcasts import issues
from .broadcasts import queue as broadcast_queue
from .delivery.line import PATIENCE, Delivery, goes_on
from .delivery.outcomes import RetryPolicy
from .delivery.sms import SmsDelivery
from .events import trials, upkeep
from .hooks.delivery import HookDelivery
from .hooks.watch import HookWatch
from .journeys import queue
from .journeys.counting import JourneyCounting
from .many import bulks, imports, suggestions
from .night import nightly
from .night.backup import NightlyBackup
from .night.costs import CostCounting
from .night.drift import DriftDays
from .night.engagement import EngagementCounting
from .night.figures import FigureKeeping
from .night.jump import JumpGuard
from .night.monday import MondayTelling
from .night.returns import WeeklyFit
from .night.watch import NightWatch
from .orders import asking
from .orders.watch import ConnectionWatch
from .statistics import LineStatistics

#: So long it is left when LINE refused a programme's menus: it takes few new ones an hour.
MENUS_REST = timedelta(minutes=10)


class _Watch(Protocol):
    def follow(self) -> None: ...


class Clockwork:
    """Does what is due at the club's present moment. A tick may come often, late or twice.

    In one process one tick happens at a time, one delivery at a time, and neither while somebody
    travels.
    """

    def __init__(
        self,
        club: Club,
        patience: RetryPolicy = PATIENCE,
        archives: Archives | None = None,
        alarms: Alarms | None = None,
    ) -> None:
        self._club = club
        self._backups = NightlyBackup(club, archives) if archives else None
        self._watches = _watches(club, alarms) if alarms else ()
        self._delivery = Delivery(club, patience)
        self._sms = SmsDelivery(club)
        self._hooks = HookDelivery(club)
        self._ticking, self._delivering = Lock(), Lock()
        self._guard = JumpGuard(club)
        self._drift_days, self._weekly_fit = DriftDays(club), WeeklyFit(club)
        self._figures, self._engagement = FigureKeeping(club), EngagementCounting(club)
        self._costs = CostCounting(club)
        self._counting = JourneyCounting(club)
        self._statistics = LineStatistics(club)
        self._menus_again_at = datetime.min.replace(tzinfo=UTC)

    def tick(self) -> None:
        """The night's work if it is due, and rich menus; what is to be said is queued. Nothing
        while another tick is at it, or somebody travels: they do it; and nothing while the date
        has jumped ahead (`night.jump`). Last comes the night's back-up, by the time on the wall."""
        if not self._ticking.acquire(blocking=False):
            return
        try:
            if self._guard.waits():
                return
            self._queue()
            self._show_menus()
            self._figures.follow()
            self._costs.follow()
            self._engagement.run_if_due()
            self._counting.count_next()
            self._statistics.run_if_due()
            asking.run_if_due(self._club)
        finally:
            self._ticking.release()
            for each in self._watches:
                each.follow()
        if self._backups is not None:
            self._backups.run_if_due()

    def deliver(
        self, *, seconds_max: float = math.inf, stopping: Callable[[], bool] = goes_on
    ) -> int:
        """Delivers what is due now, for `seconds_max` by each channel, unless it is `stopping`;
        gives how many messages it looked at. None while the date has jumped ahead: all would be
        too late."""
        with self._delivering:
            # By the time on the wall, whatever the date is taken for.
            told = self._hooks.step()
            if self._guard.waits():
                return told
            looked_at = self._delivery.deliver_due(seconds_max=seconds_max, stopping=stopping)
            looked_at += told
            return looked_at + self._sms.deliver_due(seconds_max=seconds_max, stopping=stopping)

    def stop_telling(self) -> None:
        """Lets what other systems are being told come to its end, though not for long."""
        with self._delivering:
            self._hooks.stop()

    def travel(self, target: datetime, set_now: Callable[[datetime], None]) -> None:
        """Moves the club's time forward to `target`, with every tick and delivery on the way at
        its own time and in its order. `set_now` moves the clock."""
        with self._ticking, self._delivering:
            # Seconds of wall time may become days: a version just published must be known now.
            self._club.programmes.forget()
            self._do_all()
            while (moment := self._next_moment(target)) < target:
                set_now(moment)
                self._do_all()
            set_now(target)
            self._do_all()
            self._figures.follow()

    def _do_all(self) -> None:
        self._queue()
        self._delivery.deliver_due()
        self._sms.deliver_due()
        self._show_menus()

    def _queue(self) -> None:
        """What the day asks for: the night's work first, which judges the periods that ended. It
        and the journeys ask who drifts."""
        self._drift_days.follow()
        nightly.run_if_due(self._club)
        queue.run_if_due(self._club)
        broadcast_queue.run_if_due(self._club)
        issues.run_if_due(self._club)
        upkeep.run_if_due(self._club)
        trials.run_if_due(self._club)
        bulks.run_if_due(self._club)
        imports.run_if_due(self._club)
        suggestions.run_if_due(self._club)
        self._weekly_fit.run_if_due()

    def _show_menus(self) -> None:
        """The menus of the programme in force, and to each member that of their rank."""
        now = self._club.now()
        if now >= self._menus_again_at and not rich_menu.follow(self._club):
            self._menus_again_at = now + MENUS_REST
        rich_menu.relink(self._club)

    def _next_moment(self, target: datetime) -> datetime:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        with self._club.store.read() as uow:
            due = (
                outbox.next_due(uow, after=now),
                attempts.next_due(uow, after=now),
                broadcasts.next_moment(uow, after=now),
            )
        released = quota_state(self._club, now).hold_until
        of_events = (upkeep.next_due(self._club, after=now), trials.next_due(self._club, after=now))
        moments = [moment for moment in (*due, released, *of_events) if moment is not None]
        return min(nightly.next_run(programme, now), target, *moments)


def _watches(club: Club, alarms: Alarms) -> tuple[_Watch, ...]:
    """Who looks at each tick whether people are to be told something."""
    hooks, sellers = HookWatch(club, alarms), ConnectionWatch(club, alarms)
    return NightWatch(club, alarms), MondayTelling(club, alarms), hooks, sellers
