"""Whom alarms reach: a place that takes JSON as Apprise sends it, and a check, on a real port."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from tests.loopback import Quiet, on_loopback


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


class _Handler(Quiet, BaseHTTPRequestHandler):
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


@contextmanager
def listening() -> Iterator[Ears]:
    class Handler(_Handler):
        pass

    with on_loopback(Handler) as url:
        at = f"{url}/secret-path"
        Handler.ears = Ears(at.replace("http", "json"), at)
        yield Handler.ears
