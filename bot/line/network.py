"""Many requests to LINE under way at once, on one thread: connections, and moments to keep."""

import math
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal
from urllib.parse import urlsplit

import structlog

from . import wire
from .connection import Address, Broken, Connection
from .errors import LineError, LineUnavailable
from .http_answers import HttpAnswer
from .wire import Accepted

log = structlog.get_logger(__name__)

Kind = Literal["push", "multicast"]
_PATHS: dict[Kind, str] = {"push": "/v2/bot/message/push", "multicast": "/v2/bot/message/multicast"}
_CONFLICT = 409
_ACCEPTED_BEFORE = "x-line-accepted-request-id"
#: How often is looked for answers that took too long.
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt at a push or multicast. `retry_key` is a UUID; repeated with the same one and the
    same `body` within 24 hours, LINE sends once (`Accepted.again`). One that has not begun by
    `begin_by` (of time.time, which goes on while a machine sleeps) is not sent any more."""

    retry_key: str
    kind: Kind
    body: bytes
    begin_by: float = math.inf


@dataclass(frozen=True, slots=True)
class Line:
    """Where LINE is, what it wants to be told with each request, and how long it is waited for.
    `observe` is called with (kind, outcome) after every request."""

    access_token: str
    api_base: str
    connect_seconds: float
    read_seconds: float
    connections_max: int
    observe: Callable[[str, str], None]


@dataclass(slots=True)
class _Flight:
    """A request on its connection; given up `until` then. `place` is which of the host's addresses
    is tried, `fresh` whether the connection was made for it."""

    request: Request
    connection: Connection
    until: float
    place: int
    fresh: bool


class Network:
    """Sends requests at their moments. `take` and `stop` are for other threads, `work` for its own;
    `answer` is called there with each request and what LINE said."""

    def __init__(self, line: Line, answer: Callable[[Request, Accepted | LineError], None]) -> None:
        base = urlsplit(line.api_base)
        self._line, self._answer = line, answer
        self._host = base.hostname or ""
        self._port = base.port or (443 if base.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if base.scheme == "https" else None
        self._heads = {kind: _head(line, base.netloc, base.path, kind) for kind in _PATHS}
        self._addresses: list[Address] = []
        self._given: deque[tuple[float, Request]] = deque()
        self._waiting: list[tuple[float, int, Request]] = []
        self._numbers = count()
        self._flights: dict[Connection, _Flight] = {}
        self._resting: list[Connection] = []
        self._selector = selectors.DefaultSelector()
        self._bell, self._ring = socket.socketpair()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._looked_at = 0.0
        self._stopping = self._over = self._gives_back = False
        self._door = threading.Lock()

    def take(self, given: Sequence[tuple[float, Request]]) -> None:
        """Takes requests, each with its moment (of time.monotonic)."""
        with self._door:
            self._given.extend(given)
            if self._over:
                self._give_up()
            else:
                self._ring.send(b"!")

    def give_back(self) -> None:
        """Answers at once what has not begun: it is not sent."""
        with self._door:
            self._gives_back = True
            if not self._over:
                self._ring.send(b"!")

    def stop(self) -> None:
        """Lets the work end, once everything taken is answered."""
        with self._door:
            self._stopping = True
            if not self._over:
                self._ring.send(b"!")

    def work(self) -> None:
        """Sends what is taken, until it is stopped."""
        try:
            while not self._stopping or self._given or self._waiting or self._flights:
                self._turn()
        except Exception:
            log.exception("network_failed")
        with self._door:
            self._over = True
            self._give_up()
            for connection in self._resting:
                connection.close()
            for end in (self._selector, self._bell, self._ring):
                end.close()

    def _turn(self) -> None:
        while self._given:
            moment, request = self._given.popleft()
            heappush(self._waiting, (moment, next(self._numbers), request))
        if self._gives_back:
            self._gives_back = False
            waiting, self._waiting = self._waiting, []
            for _, _, request in waiting:
                self._tell(request, _not_begun())
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now and self._has_room():
            self._begin(heappop(self._waiting)[2], now)
        for key, _ in self._selector.select(self._wait(now)):
            if key.data is None:
                self._bell.recv(1_000)
            else:
                self._advance(key.data)
        now = time.monotonic()
        if now - self._looked_at > _LOOK_SECONDS:
            self._looked_at = now
            self._look_at_the_clock(now)

    def _has_room(self) -> bool:
        return bool(self._resting) or len(self._flights) < self._line.connections_max

    def _wait(self, now: float) -> float | None:
        """How long may be waited for something to happen; None: until it does."""
        if self._waiting and self._has_room():
            return max(0.0, self._waiting[0][0] - now)
        return _LOOK_SECONDS if self._flights else None

    def _begin(self, request: Request, now: float) -> None:
        if time.time() > request.begin_by:
            # Whoever gave it counts on it no more, and what was right then need not be right now.
            self._tell(request, _not_begun())
            return
        if not self._resting:
            self._connect(request, 0, now)
            return
        connection = self._resting.pop()
        connection.send(self._bytes(request))
        until = now + self._line.read_seconds
        self._flights[connection] = _Flight(request, connection, until, 0, fresh=False)
        self._advance(connection)

    def _connect(self, request: Request, place: int, now: float) -> None:
        """Begins a connection to the host's address at `place`, or to the next that takes one."""
        try:
            found = self._addresses or _addresses(self._host, self._port)
        except OSError:
            found = []
        self._addresses = found
        for at in range(place, len(found)):
            try:
                connection = Connection(
                    found[at], self._bytes(request), host=self._host, tls=self._tls
                )
            except OSError:
                continue
            until = now + self._line.connect_seconds
            self._flights[connection] = _Flight(request, connection, until, at, fresh=True)
            self._selector.register(connection.fileno, connection.wants, connection)
            return
        # The next one asks for the addresses anew.
        self._addresses = []
        self._tell(request, _unreachable())

    def _advance(self, connection: Connection) -> None:
        """Goes on with a connection where something has happened."""
        flight = self._flights.get(connection)
        was_connecting = connection.is_connecting
        try:
            answer = connection.advance()
        except Broken:
            self._broken(connection, flight)
            return
        if was_connecting and flight is not None and not connection.is_connecting:
            flight.until = time.monotonic() + self._line.read_seconds
        if answer is not None and flight is not None:
            self._answered(connection, flight, answer)
        elif connection.is_closed:
            # It rested, and the other side has ended it.
            self._drop(connection)
        if not connection.is_closed:
            self._watch(connection)

    def _watch(self, connection: Connection) -> None:
        if self._selector.get_key(connection.fileno).events != connection.wants:
            self._selector.modify(connection.fileno, connection.wants, connection)

    def _answered(self, connection: Connection, flight: _Flight, answer: HttpAnswer) -> None:
        if connection.is_closed:
            self._drop(connection)
        else:
            del self._flights[connection]
            self._resting.append(connection)
        self._tell(flight.request, _said(answer))

    def _broken(self, connection: Connection, flight: _Flight | None) -> None:
        self._drop(connection)
        if flight is None:
            return
        if connection.has_left:
            self._tell(flight.request, LineUnavailable("The connection to LINE broke"))
        else:
            # Nothing of it has left: the host's next address, or a connection that isn't worn out.
            place = flight.place + 1 if flight.fresh else 0
            self._connect(flight.request, place, time.monotonic())

    def _drop(self, connection: Connection) -> None:
        connection.close()
        self._selector.unregister(connection.fileno)
        if self._flights.pop(connection, None) is None:
            self._resting.remove(connection)

    def _look_at_the_clock(self, now: float) -> None:
        for connection, flight in list(self._flights.items()):
            if flight.until > now:
                continue
            if connection.is_connecting:
                self._broken(connection, flight)
            else:
                self._drop(connection)
                late = LineUnavailable(
                    "No answer from LINE in time", maybe_done=connection.has_left
                )
                self._tell(flight.request, late)

    def _give_up(self) -> None:
        """Whoever waits for answers must get some; nobody knows how far the requests came."""
        asked = [flight.request for flight in self._flights.values()]
        waiting = [request for _, _, request in self._waiting]
        for request in (*asked, *waiting, *(request for _, request in self._given)):
            self._tell(request, LineUnavailable("Sending failed here"))
        for connection in self._flights:
            connection.close()
        self._flights, self._waiting = {}, []
        self._given.clear()

    def _tell(self, request: Request, said: Accepted | LineError) -> None:
        outcome = said.outcome if isinstance(said, LineError) else "again" if said.again else "ok"
        self._line.observe(request.kind, outcome)
        self._answer(request, said)

    def _bytes(self, request: Request) -> bytes:
        return (
            f"{self._heads[request.kind]}X-Line-Retry-Key: {request.retry_key}\r\n"
            f"Content-Length: {len(request.body)}\r\n\r\n"
        ).encode() + request.body


def _head(line: Line, host: str, base_path: str, kind: Kind) -> str:
    """The request's first lines, which are always the same."""
    return (
        f"POST {base_path.rstrip('/')}{_PATHS[kind]} HTTP/1.1\r\n"
        f"Host: {host}\r\n"
        f"Authorization: Bearer {line.access_token}\r\n"
        "Content-Type: application/json\r\n"
        "User-Agent: kayoi\r\n"
    )


def _addresses(host: str, port: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, place) for family, _, _, _, place in found]


def _not_begun() -> LineUnavailable:
    return LineUnavailable("Its turn did not come in time", maybe_done=False)


def _unreachable() -> LineUnavailable:
    return LineUnavailable("No connection to LINE", maybe_done=False)


def _said(answer: HttpAnswer) -> Accepted | LineError:
    headers = answer.headers
    if answer.is_yes:
        return Accepted(headers.get("x-line-request-id"))
    if answer.status == _CONFLICT and _ACCEPTED_BEFORE in headers:
        return Accepted(headers[_ACCEPTED_BEFORE], again=True)
    return wire.error_of_answer(answer)
