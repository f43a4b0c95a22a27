"""Event workers: they take up what the webhook stored, one event at a time.

An event is held by a lease. What a dead worker held is free again when its lease ends, and a sweep
finds it, in whichever process. One event's trouble is never another's.
"""

import threading
import time
from dataclasses import replace

import structlog

from bot.store.messages import webhook_events
from handlers.club import Club

from .claims import LEASE, Claim, Shares, claim_next, note_failure
from .our_name import OurName
from .replies import Replies
from .turn import take_turn

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
#: Longer than LINE takes for what is on its way.
STOP_SECONDS_MAX = 25.0
#: A thread takes up so many events at once: few where few come, more where many wait.
AT_FIRST, TOGETHER_MAX = 2, 8


def handle(club: Club, claim: Claim, replies: Replies) -> None:
    """Gives the event its turn. Its trouble is noted, and stays its own."""
    try:
        outcome = take_turn(club, claim, replies)
    except Exception as problem:
        log.exception("event_failed", attempt=claim.taken.attempt)
        outcome = _failure(club, claim, replies, type(problem).__name__)
    if outcome is not None:
        claim.count(outcome)


def _failure(club: Club, claim: Claim, replies: Replies, error: str) -> str | None:
    """Notes it; gives the word for how it ended, or None where an apology does."""
    if claim.is_last:
        replies.apologise(claim, error, puts_aside=True)
        return None
    now = club.now()
    with club.store.begin() as uow:
        note_failure(uow, claim, error, now=now)
    return "retry"


class EventWorkers:
    """Threads that handle events until they are stopped, and one that writes down what LINE said to
    the replies. Woken by the webhook; a sweep every two seconds finds what waited for another
    attempt, or what another process left."""

    def __init__(self, club: Club, threads: int = 4) -> None:
        self._name = OurName(club.bot_id)
        # Whoever handles an event waits for no network.
        self._club = replace(club, bot_id=self._name)
        self._replies = Replies(club, self.wake)
        self._shares = Shares()
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
        learner = threading.Thread(target=self._learn, name="events-name", daemon=True)
        for thread in (learner, self._writer, *self._threads):
            thread.start()

    def wake(self) -> None:
        """Says that there is something to do."""
        with self._changed:
            self._calls += 1
            self._changed.notify()

    def stop(self) -> None:
        """Lets every thread finish the events in its hands, and LINE answer what is on its way, and
        waits for that; what takes too long is left to its lease."""
        until = time.monotonic() + STOP_SECONDS_MAX
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        self._all_handed_over = True
        self._replies.nudge()
        if self._writer is not None:
            self._writer.join(max(until - time.monotonic(), 0))
        self._replies.stop()
        self._threads, self._writer = [], None

    def _learn(self) -> None:
        while not (self._stopping or self._name.learn()):
            self._pause(SWEEP_SECONDS)

    def _work(self, sweeps: bool) -> None:
        most = AT_FIRST
        while not self._stopping:
            seen = self._calls
            if not self._replies.is_full and self._take(most):
                most = min(2 * most, TOGETHER_MAX)
            else:
                most = AT_FIRST
                self._wait(seen, SWEEP_SECONDS if sweeps else None)

    def _take(self, most: int) -> bool:
        """Handles some events; gives whether there may be more."""
        try:
            known = self._replies.introduced()
            claims = [known] if known else claim_next(self._club, most, self._shares)
        except Exception:
            # The database's trouble; everything else is caught where it happens.
            log.exception("event_worker_failed")
            return False
        more = known is not None or len(claims) == most
        if more:
            # While we are busy, somebody else looks.
            self.wake()
        for claim in claims:
            self._handle(claim)
        return more

    def _handle(self, claim: Claim) -> None:
        try:
            handle(self._club, claim, self._replies)
        except Exception:
            # The same trouble; the event is left to its lease.
            log.exception("event_worker_failed")

    def _write_down(self) -> None:
        while self._replies.on_the_way or not self._all_handed_over:
            try:
                # There is room again, and who had to wait for their own earlier reply need not.
                if self._replies.write_down() and self._is_any_free():
                    self.wake()
                self._replies.mark_read()
            except Exception:
                log.exception("replies_not_recorded")

    def _is_any_free(self) -> bool:
        with self._club.store.glance() as uow:
            return webhook_events.is_any_free(uow, now=self._club.now(), lease=LEASE)

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, seconds)

    def _wait(self, seen: int, seconds: float | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._calls != seen, seconds)
