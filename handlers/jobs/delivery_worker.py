"""The thread that delivers in a serving or worker process, beside those that handle events."""

import threading

import structlog

from .clockwork import Clockwork

log = structlog.get_logger(__name__)

#: How often it looks whether something is due.
SECONDS_BETWEEN_LOOKS = 1.0
#: For so long it goes on before it lets somebody else have a turn, who wants to travel.
SECONDS_AT_ONCE = 5.0
STOP_SECONDS_MAX = 30.0


class DeliveryWorker:
    """Delivers what is due until it is stopped. On PostgreSQL any number of processes may have one;
    on SQLite the one process has it."""

    def __init__(self, clockwork: Clockwork, *, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._clockwork = clockwork
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread; RuntimeError if it runs already."""
        if self._thread is not None:
            raise RuntimeError("the delivery worker runs already")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name="delivery", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Lets it finish what is on its way, and waits for that."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS_MAX)
            self._thread = None

    def _work(self) -> None:
        while not self._stopping.is_set():
            looked_at = self._deliver()
            self._stopping.wait(0.01 if looked_at else self._seconds)
        self._clockwork.stop_telling()

    def _deliver(self) -> int:
        try:
            return self._clockwork.deliver(
                seconds_max=SECONDS_AT_ONCE, stopping=self._stopping.is_set
            )
        except Exception:
            # The database's trouble; everything else is caught where it happens.
            log.exception("delivery_worker_failed")
            return 0
