"""The scheduler: APScheduler calls one job, which asks what is due. There is no plan in a store."""

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.store import Store
from bot.store.leader import Leadership

from .clockwork import Clockwork

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_TICKS = 5


class Scheduler:
    """Ticks every `seconds` while it leads; others of its kind, in other processes, wait to take
    over."""

    def __init__(
        self, store: Store, clockwork: Clockwork, *, seconds: float = SECONDS_BETWEEN_TICKS
    ) -> None:
        self._clockwork = clockwork
        self._leadership = Leadership(store)
        self._scheduler = BackgroundScheduler(timezone="UTC")
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
        self._scheduler.shutdown(wait=True)
        self._leadership.release()

    def _tick(self) -> None:
        if not self._leadership.held():
            return
        try:
            self._clockwork.tick()
        except Exception:
            log.exception("tick_failed")
