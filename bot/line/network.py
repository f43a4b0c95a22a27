"""Requests to LINE, many under way at once, on one thread that runs an event loop."""

import asyncio
import ssl
import threading
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)

from .calls import Call, Departure, Endpoint, HttpAnswer
from .errors import LineUnavailable

log = structlog.get_logger(__name__)

#: What LINE says is short. Whoever sends more is not LINE.
_ANSWER_BYTES_MAX = 1_000_000
_STOP_SECONDS_MAX = 10.0
#: Those whose moments are no further apart leave together: it costs less than to wake for each.
_TOGETHER_SECONDS = 0.005


class Network:
    """Makes calls at their moments, until it is stopped; `take`, `give_back` and `stop` may be used
    by any thread. Nothing is ever repeated, no redirection followed, no cookie kept. OSError or
    ssl.SSLError when it can't begin."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._base = endpoint.api_base.rstrip("/")
        self._tls = ssl.create_default_context() if self._base.startswith("https:") else True
        self._door = threading.Lock()
        # The three that the door guards.
        self._waiting: list[tuple[float, int, Departure]] = []
        self._stopping = self._over = False
        self._numbers = count()
        self._under_way: set[asyncio.Task[None]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._all_answered = asyncio.Event()
        self._session: ClientSession | None = None
        self._loop = asyncio.new_event_loop()
        # A daemon: a process that must end now leaves its requests to whoever comes after it.
        self._thread = threading.Thread(target=self._work, name="line", daemon=True)
        self._thread.start()

    def take(self, departures: Sequence[Departure]) -> None:
        """Makes these calls at their moments, or as soon after them as a connection is free."""
        with self._door:
            for departure in departures:
                heappush(self._waiting, (departure.moment, next(self._numbers), departure))
            if not self._over:
                self._loop.call_soon_threadsafe(self._depart)
                return
        self._answer_waiting(_failed())

    def give_back(self) -> None:
        """Answers at once what has not begun: it is not sent."""
        self._answer_waiting(_not_begun())

    def stop(self) -> None:
        """Ends once everything taken is answered; waits for that, though not for ever."""
        with self._door:
            self._stopping = True
            if not self._over:
                self._loop.call_soon_threadsafe(self._depart)
        self._thread.join(_STOP_SECONDS_MAX)

    def _answer_waiting(self, said: LineUnavailable) -> None:
        with self._door:
            waiting, self._waiting = self._waiting, []
        for _, _, departure in waiting:
            departure.answered(said)

    # What follows is for the thread alone.

    def _work(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except Exception:
            log.exception("network_failed")
        # Whoever waits for answers must get some.
        self._answer_waiting(_failed())

    async def _serve(self) -> None:
        try:
            async with self._opened() as self._session:
                self._depart()
                await self._all_answered.wait()
        finally:
            with self._door:
                self._over = True

    def _opened(self) -> ClientSession:
        seconds = self._endpoint.connect_seconds, self._endpoint.read_seconds
        return ClientSession(
            connector=TCPConnector(ssl=self._tls, limit=self._endpoint.connections_max),
            timeout=ClientTimeout(total=sum(seconds), connect=seconds[0], sock_read=seconds[1]),
            headers={
                "Authorization": f"Bearer {self._endpoint.access_token}",
                "Content-Type": "application/json",
                # Nothing is unpacked here, so that little can't turn out to be much.
                "Accept-Encoding": "identity",
                "User-Agent": "kayoi",
            },
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
        )

    def _depart(self) -> None:
        """Begins what is due as far as there is room, and comes back when more will be."""
        if self._session is None:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        while len(self._under_way) < self._endpoint.connections_max:
            departure = self._next()
            if departure is None:
                break
            if time.time() > departure.call.begin_by:
                # Whoever gave it counts on it no more, and what was right then may not be now.
                departure.answered(_not_begun())
                continue
            task = self._loop.create_task(self._make(self._session, departure))
            self._under_way.add(task)
            task.add_done_callback(self._made)
        if self._stopping and not self._under_way and not self._waiting:
            self._all_answered.set()

    def _next(self) -> Departure | None:
        """The next one that is due; where none is, the alarm is set for the first that will be."""
        with self._door:
            if not self._waiting:
                return None
            moment = self._waiting[0][0]
            if moment <= time.monotonic():
                return heappop(self._waiting)[2]
        together = time.monotonic() + _TOGETHER_SECONDS
        self._alarm = self._loop.call_at(max(moment, together), self._depart)
        return None

    def _made(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._alarm is None:
            self._depart()

    async def _make(self, session: ClientSession, departure: Departure) -> None:
        departure.answered(await self._said(session, departure.call))

    async def _said(self, session: ClientSession, call: Call) -> HttpAnswer | LineUnavailable:
        """What was said; `maybe_done` unless certainly nothing of the call has left."""
        try:
            async with session.request(
                call.method,
                self._base + call.path,
                data=call.body or None,
                headers=call.headers,
                allow_redirects=False,
            ) as answer:
                body = await _body(answer)
                self._endpoint.pulse.hear(answer.status, answer.headers)
                return HttpAnswer(answer.status, answer.headers, body)
        except (ClientConnectorError, ConnectionTimeoutError, InvalidURL):
            return LineUnavailable("No connection to LINE", maybe_done=False)
        except TimeoutError:
            return LineUnavailable("No answer from LINE in time")
        except (ClientError, OSError):
            return LineUnavailable("The connection to LINE broke")
        except Exception:
            log.exception("call_failed", path=call.path)
            return _failed()


async def _body(answer: ClientResponse) -> bytes:
    """The whole of it. ClientError if it is too long or breaks off."""
    body = b""
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > _ANSWER_BYTES_MAX:
            raise ClientError("too long")
    return body


def _not_begun() -> LineUnavailable:
    return LineUnavailable("Its turn did not come in time", maybe_done=False)


def _failed() -> LineUnavailable:
    return LineUnavailable("Sending failed here")
