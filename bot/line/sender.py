"""Pushes and multicasts at full speed: a body is built once and goes out as those bytes.

LINE's SDK serialises its models anew for each attempt, and needs a thread for each request under
way: together ten times as much of the processor. Nothing is ever repeated here either.
"""

import json
import threading
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import NamedTuple

from .errors import LineError
from .network import Line, Network, Request
from .wire import Accepted, Messages

_STOP_SECONDS_MAX = 10.0


def messages_json(messages: Messages) -> str:
    """LINE's message objects as text: the part of a body that several recipients may share."""
    return json.dumps(list(messages), ensure_ascii=False, separators=(",", ":"))


def push_body(to: str, messages: str) -> str:
    """The body of a push; `messages` as `messages_json` gives them."""
    return f'{{"to":{json.dumps(to)},"messages":{messages}}}'


def multicast_body(to: Sequence[str], messages: str) -> str:
    """The body of a multicast to at most 500 (`limits.MULTICAST_RECIPIENTS`)."""
    return f'{{"to":{json.dumps(list(to))},"messages":{messages}}}'


class Answered(NamedTuple):
    """What LINE said to an attempt."""

    request: Request
    said: Accepted | LineError


class Sender:
    """Sends what it is given, in its own thread, until it is stopped. For one caller, who gives
    requests and collects the answers.

    Messages cost one of the quota for each recipient. A member who blocked the account gets
    nothing, and LINE says nothing of it.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._answers: SimpleQueue[Answered] = SimpleQueue()
        self._on_the_way = 0
        self._running: tuple[Network, threading.Thread] | None = None

    @property
    def on_the_way(self) -> int:
        """How many requests were given whose answers were not collected yet."""
        return self._on_the_way

    def give(self, requests: Sequence[Request], *, begin_in: float, seconds_each: float) -> None:
        """Sends the requests one after another at a steady pace, beginning in so many seconds."""
        if self._running is None:
            network = Network(self._line, self._answer)
            # A daemon: a process that must end now leaves its attempts to whoever comes after it.
            thread = threading.Thread(target=network.work, name="line", daemon=True)
            thread.start()
            self._running = network, thread
        self._on_the_way += len(requests)
        start = time.monotonic() + begin_in
        moments = (start + place * seconds_each for place in range(len(requests)))
        self._running[0].take(list(zip(moments, requests, strict=True)))

    def collect(self, *, seconds_max: float) -> list[Answered]:
        """The answers that are there; where there are none, waits for the first."""
        found: list[Answered] = []
        try:
            found.append(self._answers.get(timeout=seconds_max))
            while True:
                found.append(self._answers.get_nowait())
        except Empty:
            self._on_the_way -= len(found)
            return found

    def give_back(self) -> None:
        """Answers what has not begun at once, as not sent."""
        if self._running is not None:
            self._running[0].give_back()

    def stop(self) -> None:
        """Closes the connections, once what was given is answered. It may be used again."""
        running, self._running = self._running, None
        if running is not None:
            network, thread = running
            network.stop()
            thread.join(_STOP_SECONDS_MAX)

    def _answer(self, request: Request, said: Accepted | LineError) -> None:
        self._answers.put(Answered(request, said))
