"""Threads that send: each takes an attempt, waits for its moment, and says what LINE said."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import structlog

from bot.line.client import Accepted, LineClient
from bot.line.errors import LineError, LineUnavailable
from bot.store.attempts import Attempt

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE said to an attempt."""

    attempt: Attempt
    said: Accepted | LineError


class Senders:
    """At most `threads` threads, begun as they are needed. For one caller, who gives attempts and
    collects the answers."""

    def __init__(self, line: LineClient, *, threads: int) -> None:
        self._line = line
        self._threads_max = threads
        self._threads: list[threading.Thread] = []
        self._waiting: SimpleQueue[tuple[Attempt, float] | None] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._on_the_way = 0

    @property
    def on_the_way(self) -> int:
        """How many attempts were given whose answers were not collected yet."""
        return self._on_the_way

    def give(self, attempts: Sequence[Attempt], *, begin_in: float, seconds_each: float) -> None:
        """Sends the attempts one after another at a steady pace, beginning in so many seconds."""
        self._on_the_way += len(attempts)
        wanted = min(self._threads_max, self._on_the_way)
        while len(self._threads) < wanted:
            self._threads.append(_begin(self._work, len(self._threads)))
        start = time.monotonic() + begin_in
        for place, attempt in enumerate(attempts):
            self._waiting.put((attempt, start + place * seconds_each))

    def collect(self, *, seconds_max: float) -> list[Answer]:
        """The answers that are there; where there are none, waits for the first."""
        found: list[Answer] = []
        try:
            found.append(self._answers.get(timeout=seconds_max))
            while True:
                found.append(self._answers.get_nowait())
        except Empty:
            self._on_the_way -= len(found)
            return found

    def stop(self) -> None:
        """Lets the threads end, once what was given is sent."""
        for _ in self._threads:
            self._waiting.put(None)
        self._threads = []

    def _work(self) -> None:
        while (given := self._waiting.get()) is not None:
            attempt, moment = given
            wait = moment - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self._answers.put(Answer(attempt, self._send(attempt)))

    def _send(self, attempt: Attempt) -> Accepted | LineError:
        try:
            return self._line.send(attempt.kind, attempt.body.encode(), retry_key=attempt.id)
        except LineError as problem:
            return problem
        except Exception:
            # Nobody knows how far it came.
            log.exception("send_failed")
            return LineUnavailable("The attempt failed here")


def _begin(work: Callable[[], None], number: int) -> threading.Thread:
    # A daemon: a process that must end now leaves its attempts to whoever comes after it.
    thread = threading.Thread(target=work, name=f"send-{number}", daemon=True)
    thread.start()
    return thread
