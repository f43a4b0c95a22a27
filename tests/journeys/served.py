"""The club as it is really served, in a process of its own, and a LINE beside it."""

import base64
import hashlib
import hmac
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import urllib3

from bot.settings import PROJECT
from tests.loopback import Quiet, on_loopback
from tests.waiting import SECONDS_MAX, until

CHANNEL_SECRET = "0123456789abcdef0123456789abcdef"
USER = "U" + "a" * 32


class Line:
    """A LINE that can be told to keep its callers waiting for the answer to a reply: at once, or as
    soon as it has taken `hangs_after`. Of those that wait then every other one was taken."""

    def __init__(self, *, hangs_after: int | None = None) -> None:
        self.replies: list[dict[str, Any]] = []
        self._hangs_after = hangs_after
        self._waits = itertools.count()
        self._lock = threading.Lock()
        self.hangs = threading.Event()
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def takes(self, reply: dict[str, Any]) -> bool:
        """Takes a reply, unless its token was used."""
        with self._lock:
            if reply["replyToken"] in [each["replyToken"] for each in self.replies]:
                return False
            self.replies.append(reply)
            if len(self.replies) == self._hangs_after:
                self.hangs.set()
            return True

    def waits(self, reply: dict[str, Any]) -> None:
        """Keeps its caller waiting; whether it was taken nobody hears."""
        if self._hangs_after is not None and next(self._waits) % 2:
            self.takes(reply)
        self.asked.set()
        self.let_go.wait(SECONDS_MAX)

    def handler(line) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has its own self
        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/v2/bot/profile/"):
                    user = self.path.rpartition("/")[2]
                    self._answer({"userId": user, "displayName": "さくら", "language": "ja"})
                elif self.path == "/v2/bot/info":
                    bot = {"userId": "U" + "b" * 32, "basicId": "@shop", "displayName": "店"}
                    self._answer({**bot, "chatMode": "bot", "markAsReadMode": "auto"})
                else:
                    self._answer({"type": "none", "totalUsage": 0})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if line.hangs.is_set():
                    line.waits(body)
                elif line.takes(body):
                    self._answer({"sentMessages": [{"id": "1", "quoteToken": "q"}]})
                else:
                    self._answer({"message": "Invalid reply token"}, 400)

            def _answer(self, body: dict[str, Any], status: int = 200) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler


@contextmanager
def platform(line: Line) -> Iterator[str]:
    with on_loopback(line.handler()) as url:
        try:
            yield url
        finally:
            line.let_go.set()


class Served:
    """The club as it is really served, in a process group of its own."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve"],
            cwd=PROJECT,
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self.answers, "the server to answer")

    def answers(self) -> bool:
        """Whether it says that it is alive, within ten seconds."""
        try:
            answer = urllib3.request("GET", f"{self._url}/healthz", timeout=10, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200

    def posts(self, body: bytes) -> int:
        answer = urllib3.request(
            "POST",
            f"{self._url}/callback",
            body=body,
            headers=signed(body),
            timeout=SECONDS_MAX,
            retries=False,
        )
        return answer.status

    def ends(self) -> int:
        """Asks it to end, as whoever runs services does; gives its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(SECONDS_MAX)

    def dies(self) -> None:
        if self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(SECONDS_MAX)


def signed(body: bytes) -> dict[str, str]:
    """The header that LINE signs its posts with."""
    digest = hmac.new(CHANNEL_SECRET.encode(), body, hashlib.sha256).digest()
    return {"X-Line-Signature": base64.b64encode(digest).decode()}


def environment(database: Path, line: str, port: int) -> dict[str, str]:
    """The settings of a club in that file, with LINE at that address."""
    return {
        **os.environ,
        "SECRET_KEY": "a-secret-key-for-a-server-of-its-own",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{database}",
        "BASE_URL": "https://club.example",
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LINE_API_BASE": line,
    }


def follow() -> bytes:
    """Somebody adds the account."""
    return post(_event(USER, 0, type="follow", follow={"isUnblocked": False}))


def text(person: int, number: int) -> dict[str, Any]:
    """The person writes what no conversation answers: the staff are to read it. The number is the
    event's and, in full, its reply token's."""
    words = f"充電できますか {number}"
    message = {"id": f"{number:018}", "type": "text", "text": words, "quoteToken": "q"}
    return _event(f"U{person:032x}", number, type="message", message=message)


def _event(user: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01HEXAMPLE{number:016}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032}",
        **more,
    }


def post(*events: dict[str, Any]) -> bytes:
    """What LINE posts with these events."""
    return json.dumps({"destination": "U" + "b" * 32, "events": events}).encode()
