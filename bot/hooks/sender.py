"""Sending events: many under way at once on one thread, so that nobody waits for a slow receiver.

Nothing is repeated here, no redirection followed, no cookie kept, no proxy asked. What a receiver
answers is read for its first letters alone.
"""

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

import structlog
from yarl import URL

from .addresses import InsideAddress, Lookup, Reach, look_up, problem_of

if TYPE_CHECKING:
    from aiohttp import ClientSession

log = structlog.get_logger(__name__)

#: From the first question to the last header, however slowly it comes.
SECONDS_MAX = 15.0
#: Once the answer's status is known, its first letters are waited for so long.
_EXCERPT_SECONDS, _EXCERPT_BYTES = 1.0, 400
_STOP_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 64

SendProblem = Literal["timeout", "inside", "unreachable", "tls", "broken"]


@dataclass(frozen=True, slots=True)
class HookCall:
    """One try to tell a receiver something."""

    endpoint_id: int
    event_id: str
    #: Which try it is.
    tries: int
    #: When the first was made.
    first_at: datetime
    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What came of it."""

    call: HookCall
    #: None where none came.
    status: int | None = None
    #: The first letters of what was said.
    excerpt: str = ""
    #: How many seconds it asks us to stay away.
    retry_after: float | None = None
    problem: SendProblem | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class HookSender:
    """Sends what it is given in a thread of its own, which begins with the first and is there until
    it is stopped. `ask`: who is asked what a name leads to."""

    def __init__(
        self, reach: Reach, *, ask: Lookup = look_up, seconds_max: float = SECONDS_MAX
    ) -> None:
        self._reach, self._ask, self._seconds_max = reach, ask, seconds_max
        self._answers: SimpleQueue[HookAnswer] = SimpleQueue()
        #: By receiver; only whoever gives and collects touches it.
        self._on_the_way: Counter[int] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._over: asyncio.Event | None = None

    def on_the_way(self, endpoint_id: int) -> int:
        """How many tries at a receiver were given whose answers were not collected yet."""
        return self._on_the_way[endpoint_id]

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way."""
        return self._on_the_way.total() > 0

    @property
    def room(self) -> int:
        """How many more may be given now."""
        return max(0, CONNECTIONS_MAX - self._on_the_way.total())

    def give(self, calls: Sequence[HookCall]) -> None:
        if not calls:
            return
        self._on_the_way.update(call.endpoint_id for call in calls)
        loop = self._begun()
        for call in calls:
            asyncio.run_coroutine_threadsafe(self._send(call), loop)

    def collect(self, *, seconds_max: float = 0) -> list[HookAnswer]:
        """The answers that are there; where there are none, waits so long for the first."""
        found: list[HookAnswer] = []
        try:
            found.append(self._answers.get(seconds_max > 0, seconds_max or None))
            while True:
                found.append(self._answers.get_nowait())
        except Empty:
            self._on_the_way.subtract(each.call.endpoint_id for each in found)
            self._on_the_way += Counter()
            return found

    def stop(self) -> None:
        """Lets go of what is on its way: whoever comes after us sends it again."""
        thread, self._thread = self._thread, None
        if thread is not None and self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            thread.join(_STOP_SECONDS_MAX)
            self._on_the_way.clear()

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._thread is None or self._loop is None:
            self._loop, self._over = asyncio.new_event_loop(), asyncio.Event()
            ready = threading.Event()
            self._thread = threading.Thread(
                target=self._work, args=(self._loop, self._over, ready), name="hooks", daemon=True
            )
            self._thread.start()
            ready.wait()
        return self._loop

    # What follows is for the thread alone.

    def _work(
        self, loop: asyncio.AbstractEventLoop, over: asyncio.Event, ready: threading.Event
    ) -> None:
        try:
            with (
                asyncio.Runner(loop_factory=lambda: loop) as runner,
                # Names are asked for here: a resolver that hangs holds up no more than these.
                ThreadPoolExecutor(CONNECTIONS_MAX, "hook-names") as names,
            ):
                loop.set_default_executor(names)
                runner.run(_until(over, ready))
        except Exception:
            log.exception("hook_sender_failed")
        finally:
            ready.set()

    async def _send(self, call: HookCall) -> None:
        try:
            answer = await self._said(call)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("hook_failed", endpoint=call.endpoint_id)
            answer = HookAnswer(call, problem="broken")
        self._answers.put(answer)

    async def _said(self, call: HookCall) -> HookAnswer:
        # aiohttp takes a tenth of a second to load, which no command needs but those that send.
        from aiohttp import ClientConnectorCertificateError, ClientError, ClientSSLError

        if problem_of(call.url, self._reach) is not None:
            return HookAnswer(call, problem="inside")
        try:
            async with asyncio.timeout(self._seconds_max), self._opened() as session:
                return await _ask(session, call)
        except InsideAddress:
            return HookAnswer(call, problem="inside")
        except TimeoutError:
            return HookAnswer(call, problem="timeout")
        except (ClientSSLError, ClientConnectorCertificateError, ssl.SSLError):
            return HookAnswer(call, problem="tls")
        except (ClientError, OSError, UnicodeError):
            return HookAnswer(call, problem="unreachable")

    def _opened(self) -> "ClientSession":
        """One of its own for each: a connection that is kept might be to a name that since leads
        elsewhere."""
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

        from .resolver import CheckingResolver

        connector = TCPConnector(
            resolver=CheckingResolver(self._reach, self._ask), use_dns_cache=False, force_close=True
        )
        return ClientSession(
            connector=connector,
            timeout=ClientTimeout(total=self._seconds_max),
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            headers={
                "User-Agent": "kayoi-webhooks",
                "Content-Type": "application/json",
                "Accept-Encoding": "identity",
            },
        )


async def _until(over: asyncio.Event, ready: threading.Event) -> None:
    ready.set()
    await over.wait()


async def _ask(session: "ClientSession", call: HookCall) -> HookAnswer:
    async with session.post(
        URL(call.url), data=call.body, headers=dict(call.headers), allow_redirects=False
    ) as answer:
        later = _seconds(answer.headers.get("Retry-After"), answer.headers.get("Date"))
        return HookAnswer(call, answer.status, await _excerpt(answer.content), later)


async def _excerpt(content: Any) -> str:
    """The first letters, as far as they come soon: by the status it is known how it went."""
    read = b""
    try:
        async with asyncio.timeout(_EXCERPT_SECONDS):
            while len(read) < _EXCERPT_BYTES:
                piece = await content.read(_EXCERPT_BYTES - len(read))
                if not piece:
                    break
                read += piece
    except Exception:
        log.info("hook_answer_broke_off")
    text = read.decode("utf-8", "replace")
    return "".join(each if each.isprintable() else " " for each in text).strip()


def _seconds(told: str | None, date: str | None) -> float | None:
    """How long a Retry-After says to stay away (RFC 9110, 10.2.3), by the receiver's own clock."""
    if not told:
        return None
    if told.strip().isdecimal():
        return float(told.strip()[:9])
    try:
        sent = parsedate_to_datetime(date or "")
        return (parsedate_to_datetime(told) - sent).total_seconds()
    except (ValueError, TypeError):
        return None
