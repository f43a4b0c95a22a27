"""Event workers: they take up what the webhook stored, one event at a time.

An event is held by a lease. What a dead worker held is free again when its lease ends, and a sweep
finds it, in whichever process. One event's trouble is never another's.
"""

import threading
from typing import Final

import structlog

from bot.store.messages import webhook_events
from handlers.club import Club

from .claims import Claim, claim_next, note_failure
from .replies import Replies
from .turn import take_turn

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
#: So often the thread that writes down looks whether it is to end.
_LOOK_SECONDS: Final = 0.25
STOP_SECONDS_MAX = 30.0


def handle_next(club: Club, limit: int = 50) -> int:
    """Handles the events that are open now, at most `limit`, one after another, each until LINE has
    answered; gives how many it took up."""
    replies, handled = Replies(club), 0
    try:
        while handled < limit and (claim := claim_next(club)) is not None:
            _handle(club, claim, replies)
            replies.wait()
            handled += 1
    finally:
        replies.stop()
    return handled


def _handle(club: Club, claim: Claim, replies: Replies) -> None:
    try:
        outcome = take_turn(club, claim, replies)
    except Exception as problem:
        log.exception("event_failed", attempt=claim.taken.attempt)
        outcome = _failure(club, claim, replies, type(problem).__name__)
    if outcome is not None:
        claim.count(outcome)


def _failure(club: Club, claim: Claim, replies: Replies, error: str) -> str:
    """Notes it; gives the word for how it ended."""
    now = club.now()
    with club.store.begin() as uow:
        put_aside = note_failure(uow, claim, error, now=now)
    if not put_aside:
        return "retry"
    replies.apologise(claim)
    return "failed"


class EventWorkers:
    """Threads that handle events until they are stopped, and one that writes down what LINE said to
    the replies. Woken by the webhook; a sweep every two seconds finds what waited for another
    attempt, or what another process left."""

    def __init__(self, club: Club, threads: int = 4) -> None:
        self._club = club
        self._replies = Replies(club)
        self._threads_count = threads
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._calls = 0
        self._stopping = self._all_handed_over = False
        self._writer: threading.Thread | None = None

    def start(self) -> None:
        """Starts the threads; RuntimeError if they run already."""
        if self._threads:
            raise RuntimeError("the event workers run already")
        self._stopping = self._all_handed_over = False
        self._writer = threading.Thread(target=self._write_down, name="events-said", daemon=True)
        self._threads = [
            threading.Thread(
                target=self._work, args=(number == 0,), name=f"events-{number}", daemon=True
            )
            for number in range(self._threads_count)
        ]
        for thread in (self._writer, *self._threads):
            thread.start()

    def wake(self) -> None:
        """Says that there is something to do."""
        with self._changed:
            self._calls += 1
            self._changed.notify()

    def stop(self) -> None:
        """Lets every thread finish the event in its hands, and LINE answer what is on its way, and
        waits for that; what takes too long is left to its lease."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(STOP_SECONDS_MAX)
        self._all_handed_over = True
        if self._writer is not None:
            self._writer.join(STOP_SECONDS_MAX)
        self._replies.stop()
        self._threads, self._writer = [], None

    def _work(self, sweeps: bool) -> None:
        while not self._stopping:
            seen = self._calls
            if self._replies.is_full or not self._take_one():
                self._wait(seen, SWEEP_SECONDS if sweeps else None)

    def _take_one(self) -> bool:
        try:
            claim = claim_next(self._club)
            if claim is None:
                return False
            # There may be more than this one: while we are busy, somebody else looks.
            self.wake()
            _handle(self._club, claim, self._replies)
        except Exception:
            # The database's trouble; everything else is caught where it happens.
            log.exception("event_worker_failed")
            return False
        return True

    def _write_down(self) -> None:
        while self._replies.on_the_way or not self._all_handed_over:
            try:
                # There is room again, and who had to wait for their own earlier reply need not.
                if self._replies.write_down(seconds_max=_LOOK_SECONDS) and self._is_any_free():
                    self.wake()
            except Exception:
                log.exception("replies_not_recorded")

    def _is_any_free(self) -> bool:
        with self._club.store.read() as uow:
            return webhook_events.is_any_free(uow, now=self._club.now())

    def _wait(self, seen: int, seconds: float | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._calls != seen, seconds)
