"""Whom alarms reach: a place that takes JSON as Apprise sends it, and a check, on a real port."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass
class Ears:
    """What was heard; answered with `status`."""

    people: str
    check: str
    status: int = 200
    #: The check's own; None for the same.
    check_status: int | None = None
    told: list[dict[str, Any]] = field(default_factory=list)
    pinged: int = 0


class _Handler(BaseHTTPRequestHandler):
    ears: ClassVar[Ears]

    def do_GET(self) -> None:
        self.ears.pinged += 1
        self._answer(self.ears.check_status or self.ears.status)

    def do_POST(self) -> None:
        self.ears.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(self.ears.status)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Location", self.path)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing: the test tells what went wrong."""


@contextmanager
def listening() -> Iterator[Ears]:
    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        at = f"127.0.0.1:{server.server_port}"
        Handler.ears = Ears(f"json://{at}/secret-path", f"http://{at}/secret-path")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Handler.ears
        finally:
            server.shutdown()
            thread.join()
