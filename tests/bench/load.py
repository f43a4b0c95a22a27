"""Load for a webhook: signed, distinct events over connections that stay open.

    python -m tests.bench.load PORT CONNECTIONS EVENTS WARM_UP SECONDS

A process of its own, so that it takes nothing from the server but a core. Everything is built and
signed before the clock starts; then one thread sends the next request on each connection as soon
as the last was answered. Prints a Load as JSON.
"""

import base64
import hmac
import json
import math
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from uuid import uuid4

from .wsgi import CHANNEL_SECRET

#: As many are built beforehand; a server that answers more is measured for a shorter time.
_REQUESTS_PER_SECOND_MAX = 12_000
_GIVE_UP_SECONDS = 30
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


@dataclass(frozen=True, slots=True)
class Load:
    """Requests answered a second, their times in ms, how many were not answered 200, and which
    share of its core the generator itself used."""

    per_second: float
    ms_median: float
    ms_p99: float
    failed: int
    busy: float


def body(events: int) -> bytes:
    """A webhook's body as LINE writes it, with `events` texts of as many people."""
    return _body(b",".join(_EVENT.replace(_UNIQUE, _unique()) for _ in range(events)))


def _body(events: bytes) -> bytes:
    return b'{"destination":"U' + b"0" * 32 + b'","events":[' + events + b"]}"


def _unique() -> bytes:
    return b"%s%016x" % (_RUN, next(_COUNT))


_RUN = uuid4().hex[:16].encode()
_COUNT = count(1)
_UNIQUE = b"u" * 32
_TEXT = "ポイントを見せてください"
#: As in LINE's documentation ("Text", under "Webhook event objects").
_EVENT = json.dumps(
    {
        "type": "message",
        "message": {
            "type": "text",
            "id": "468789577898262530",
            "quoteToken": _UNIQUE.decode() * 3,
            "markAsReadToken": _UNIQUE.decode() * 2,
            "text": _TEXT,
        },
        "webhookEventId": f"01{_UNIQUE.decode()}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": 1_767_585_600_000,
        "source": {"type": "user", "userId": f"U{_UNIQUE.decode()}"},
        "replyToken": _UNIQUE.decode(),
        "mode": "active",
    },
    ensure_ascii=False,
    separators=(",", ":"),
).encode()


def sign(content: bytes) -> str:
    """The header X-Line-Signature for `content`."""
    return base64.b64encode(hmac.digest(CHANNEL_SECRET.encode(), content, "sha256")).decode()


@dataclass(frozen=True, slots=True)
class SignedText:
    """The request of one text, and the reply token in it."""

    token: str
    request: bytes


def text_of(user_id: str, text: str = _TEXT) -> SignedText:
    """A text that this person writes."""
    unique = _unique()
    event = _EVENT.replace(b"U" + _UNIQUE, user_id.encode()).replace(_UNIQUE, unique)
    event = event.replace(_TEXT.encode(), text.encode())
    return SignedText(unique.decode(), _signed(_body(event)))


def _request(events: int) -> bytes:
    return _signed(body(events))


def _signed(content: bytes) -> bytes:
    head = (
        "POST /callback HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: LineBotWebhook/2.0\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"X-Line-Signature: {sign(content)}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class Connection:
    """One connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_GIVE_UP_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answer = b""
        self._sent_at = 0.0

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, request: bytes) -> None:
        self._answer = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> tuple[bool, float] | None:
        """Reads what is there: whether the answer is a 200, and its seconds; None until whole."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection")
        self._answer += part
        head, end, rest = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or len(rest) < (int(length[1]) if length else 0):
            return None
        return head.startswith(b"HTTP/1.1 200"), time.perf_counter() - self._sent_at


def run(port: int, *, connections: int, events: int, warm_up: float, seconds: float) -> Load:
    """Loads the server on `port` here for `seconds`, after `warm_up` seconds that don't count."""
    enough = int((warm_up + seconds) * _REQUESTS_PER_SECOND_MAX) + connections
    requests = iter([_request(events) for _ in range(enough)])
    with opened(port, connections) as open_, _begun(open_, requests) as selector:
        list(_answers(selector, requests, warm_up))
        began, used = time.perf_counter(), time.process_time()
        answers = list(_answers(selector, requests, seconds))
        elapsed, used = time.perf_counter() - began, time.process_time() - used
    return _summary(answers, elapsed, used)


@contextmanager
def opened(port: int, connections: int) -> Iterator[list[Connection]]:
    """So many connections to the server on `port`."""
    with ExitStack() as stack:
        yield [stack.enter_context(Connection(port)) for _ in range(connections)]


@contextmanager
def _begun(
    connections: Sequence[Connection], requests: Iterator[bytes]
) -> Iterator[selectors.BaseSelector]:
    """Sends the first request on each connection."""
    with selectors.DefaultSelector() as selector:
        for connection, request in zip(connections, requests, strict=False):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
        yield selector


def post_all(connections: Sequence[Connection], requests: Sequence[bytes]) -> None:
    """Posts the requests, the next on each connection as soon as the last was answered; returns
    when all are. RuntimeError if one isn't answered 200."""
    left = iter(requests)
    with _begun(connections, left) as selector:
        answers = list(_answers(selector, left))
    if not all(is_good for is_good, _ in answers):
        raise RuntimeError("not every request was answered 200")


def _answers(
    selector: selectors.BaseSelector, requests: Iterator[bytes], seconds: float = math.inf
) -> Iterator[tuple[bool, float]]:
    """Keeps every connection busy, while there are requests; gives each answer."""
    until = time.perf_counter() + seconds
    while selector.get_map() and time.perf_counter() < until:
        for key, _ in selector.select(_GIVE_UP_SECONDS):
            connection: Connection = key.data
            answer = connection.take()
            if answer is None:
                continue
            yield answer
            following = next(requests, None)
            if following is None:
                selector.unregister(connection.socket)
            else:
                connection.send(following)


def _summary(answers: list[tuple[bool, float]], elapsed: float, used: float) -> Load:
    times = sorted(seconds * 1000 for _, seconds in answers)
    if not times:
        raise RuntimeError("the server answered nothing")
    return Load(
        per_second=len(times) / elapsed,
        ms_median=times[len(times) // 2],
        ms_p99=times[len(times) * 99 // 100],
        failed=sum(not is_good for is_good, _ in answers),
        busy=used / elapsed,
    )


if __name__ == "__main__":
    port, connections, events = map(int, sys.argv[1:4])
    warm_up, seconds = map(float, sys.argv[4:6])
    done = run(port, connections=connections, events=events, warm_up=warm_up, seconds=seconds)
    print(json.dumps(asdict(done)))
