"""The scheduler: APScheduler calls one job, which asks what is due. There is no plan in a store."""

import threading

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.store import Store
from bot.store.engine.leader import Leadership

from .clockwork import Clockwork

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_TICKS = 5
#: So long a tick may go on when all is to stop. It may die anywhere, and is gone on with later.
STOP_SECONDS_MAX = 5.0


class Scheduler:
    """Ticks every `seconds` while it leads; others of its kind, in other processes, wait to take
    over."""

    def __init__(
        self, store: Store, clockwork: Clockwork, *, seconds: float = SECONDS_BETWEEN_TICKS
    ) -> None:
        self._clockwork = clockwork
        self._leadership = Leadership(store)
        # Its own thread ticks, a daemon: no process's end waits for a long night's work.
        self._scheduler = BackgroundScheduler(
            timezone="UTC", executors={"default": DebugExecutor()}
        )
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Ends the ticking, and waits for the tick that runs, but not for long."""
        ends = threading.Thread(target=self._scheduler.shutdown, name="end", daemon=True)
        ends.start()
        ends.join(STOP_SECONDS_MAX)
        self._leadership.release()

    def _tick(self) -> None:
        if not self._leadership.held():
            return
        try:
            self._clockwork.tick()
        except Exception:
            log.exception("tick_failed")
