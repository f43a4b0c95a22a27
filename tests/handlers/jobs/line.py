"""LINE's push and quota, answering as a test wants, on a real port of this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

#: What a push is answered with. SILENCE: the connection is closed without a word.
OK, BROKEN, TAKEN_ALREADY, REFUSED, BAD_TOKEN, USED_UP, SILENCE = 200, 500, 409, 400, 401, 429, 0


@dataclass(frozen=True)
class Pushed:
    """A push as it came in, and how it was answered."""

    to: str
    messages: list[dict[str, Any]]
    retry_key: str
    answer: int

    @property
    def text(self) -> str:
        return json.dumps(self.messages, ensure_ascii=False)


@dataclass
class Line:
    """`answers` are given to pushes in turn, then OK. `limit` and `used` are of the month."""

    url: str
    answers: list[int] = field(default_factory=list)
    limit: int | None = None
    used: int = 0
    pushed: list[Pushed] = field(default_factory=list)
    quota_asked: int = 0
    during_push: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def accepted(self) -> list[Pushed]:
        return [push for push in self.pushed if push.answer == OK]

    def push(self, body: dict[str, Any], retry_key: str) -> int:
        self.during_push()
        with self._lock:
            answer = self.answers.pop(0) if self.answers else OK
            self.pushed.append(Pushed(body["to"], body["messages"], retry_key, answer))
            return answer

    def quota(self) -> dict[str, Any]:
        self.quota_asked += 1
        return {"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: ClassVar[Line]

    def do_GET(self) -> None:
        if self.path.endswith("/quota/consumption"):
            return self._say(OK, {"totalUsage": self.line.used})
        return self._say(OK, self.line.quota())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.line.push(body, self.headers["X-Line-Retry-Key"])
        if answer == SILENCE:
            self.close_connection = True
            return
        monthly = {"message": "You have reached your monthly limit."}
        sent: dict[str, Any] = {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        self._say(answer, {OK: sent, USED_UP: monthly}.get(answer, {"message": "no"}))

    def _say(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Line-Accepted-Request-Id", "earlier")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: Any) -> None:
        """Tests keep quiet."""


@contextmanager
def line_on_loopback() -> Iterator[Line]:
    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Handler.line = Line(f"http://127.0.0.1:{server.server_port}/simulator/api")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Handler.line
        finally:
            server.shutdown()
            thread.join()
