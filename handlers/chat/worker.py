"""Event workers: they take up what the webhook stored, one event at a time.

An event is held by a lease. What a dead worker held is free again when its lease ends, and a sweep
finds it, in whichever process. One event's trouble is never another's.
"""

import threading
import time
from datetime import timedelta

import structlog

from bot import metrics
from bot.line.events import Event, parse
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ClaimedEvent
from handlers.club import Club

from .reply import apologise
from .turn import take_turn

log = structlog.get_logger(__name__)

#: Longer than handling ever takes (two calls of LINE's at 13 s), shorter than a reply token lives:
#: what is taken up again can still be replied to.
LEASE = timedelta(seconds=40)
#: Waits before the next attempts. All of them fit into the life of a reply token, so that whoever
#: waits for an answer either gets it or is told.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 10, 20))
SWEEP_SECONDS = 2.0
STOP_SECONDS_MAX = 30.0


def handle_next(club: Club, limit: int = 50) -> int:
    """Handles the events that are open now, at most `limit`; gives how many it took up."""
    handled = 0
    while handled < limit and _take_one(club):
        handled += 1
    return handled


def _take_one(club: Club) -> bool:
    claimed = _claim(club)
    if claimed is not None:
        _handle(club, claimed)
    return claimed is not None


def _claim(club: Club) -> ClaimedEvent | None:
    with club.store.begin() as uow:
        claimed = webhook_events.claim(uow, now=club.now(), lease=LEASE, limit=1)
    return claimed[0] if claimed else None


def _handle(club: Club, claimed: ClaimedEvent) -> None:
    began = time.perf_counter()
    event = parse(claimed.body)
    try:
        outcome = take_turn(club, claimed, event)
    except Exception as problem:
        log.exception("event_failed", attempt=claimed.attempt)
        outcome = _note_failure(club, claimed, event, type(problem).__name__)
    kind = type(event).__name__
    metrics.count_event_handled(kind=kind, outcome=outcome, seconds=time.perf_counter() - began)


def _note_failure(club: Club, claimed: ClaimedEvent, event: Event, error: str) -> str:
    wait = BACKOFF[min(claimed.attempt, len(BACKOFF)) - 1]
    with club.store.begin() as uow:
        put_aside = webhook_events.note_failure(
            uow, claimed.event_id, error, attempt=claimed.attempt, retry_at=club.now() + wait
        )
    if not put_aside:
        return "retry"
    apologise(club, claimed, event)
    return "failed"


class EventWorkers:
    """Threads that handle events until they are stopped. Woken by the webhook; a sweep every two
    seconds finds what waited for another attempt, or what another process left."""

    def __init__(self, club: Club, threads: int = 4) -> None:
        self._club = club
        self._threads_count = threads
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._calls = 0
        self._stopping = False

    def start(self) -> None:
        """Starts the threads; RuntimeError if they run already."""
        if self._threads:
            raise RuntimeError("the event workers run already")
        self._stopping = False
        self._threads = [
            threading.Thread(
                target=self._work, args=(number == 0,), name=f"events-{number}", daemon=True
            )
            for number in range(self._threads_count)
        ]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Says that there is something to do."""
        with self._changed:
            self._calls += 1
            self._changed.notify()

    def stop(self) -> None:
        """Lets every thread finish the event in its hands, and waits for that."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(STOP_SECONDS_MAX)
        self._threads = []

    def _work(self, sweeps: bool) -> None:
        while not self._stopping:
            seen = self._calls
            if not self._take_one():
                self._wait(seen, SWEEP_SECONDS if sweeps else None)

    def _take_one(self) -> bool:
        try:
            claimed = _claim(self._club)
            if claimed is None:
                return False
            # There may be more than this one: while we are busy, somebody else looks.
            self.wake()
            _handle(self._club, claimed)
        except Exception:
            # The database's trouble; everything else is caught where it happens.
            log.exception("event_worker_failed")
            return False
        return True

    def _wait(self, seen: int, seconds: float | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._calls != seen, seconds)
