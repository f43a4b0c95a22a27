"""A tiny server that answers as told, to see what the client makes of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from tests.loopback import Quiet, on_loopback


@dataclass(frozen=True)
class Answer:
    """What the server says. `silent_seconds` keeps it waiting; `drop` closes without a word."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    silent_seconds: float = 0
    drop: bool = False


@dataclass(frozen=True)
class Seen:
    """A request that came in."""

    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Loopback:
    """`answers` are given in turn, the last one for ever; `seen` are the requests so far."""

    def __init__(self, url: str, done: threading.Event) -> None:
        self.url = url
        self.answers = [Answer()]
        self.seen: list[Seen] = []
        self._done = done
        self._lock = threading.Lock()

    def answer_to(self, request: Seen) -> Answer:
        with self._lock:
            self.seen.append(request)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def wait(self, seconds: float) -> None:
        """Stay silent, but no longer than the test runs."""
        self._done.wait(seconds)


class _Handler(Quiet, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: ClassVar[Loopback]

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        seen = Seen(self.command, self.path, self.headers, self.rfile.read(length))
        answer = self.loopback.answer_to(seen)
        self.loopback.wait(answer.silent_seconds)
        if answer.drop or answer.silent_seconds:
            self.close_connection = True
            return
        raw = isinstance(answer.body, bytes)
        body = answer.body if raw else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815  # http.server's names


@contextmanager
def serving() -> Iterator[Loopback]:
    """A server on a free port of this machine."""
    done = threading.Event()

    class Handler(_Handler):
        pass

    with on_loopback(Handler) as url:
        Handler.loopback = Loopback(f"{url}/simulator/api", done)
        try:
            yield Handler.loopback
        finally:
            done.set()
