"""A server killed between its 200 and the reply: whoever starts next does what is left, once."""

import base64
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import urllib3

from bot.settings import PROJECT
from tests.ports import held_port
from tests.waiting import SECONDS_MAX, until

CHANNEL_SECRET = "0123456789abcdef0123456789abcdef"
USER = "U" + "a" * 32


class _Line:
    """A LINE that can be told to keep its caller waiting for the answer to a reply."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []
        self.hangs = threading.Event()
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def handler(line) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has its own self
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/v2/bot/profile/"):
                    self._answer({"userId": USER, "displayName": "さくら", "language": "ja"})
                elif self.path == "/v2/bot/info":
                    bot = {"userId": "U" + "b" * 32, "basicId": "@shop", "displayName": "店"}
                    self._answer({**bot, "chatMode": "bot", "markAsReadMode": "auto"})
                else:
                    self._answer({"type": "none", "totalUsage": 0})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if line.hangs.is_set():
                    line.asked.set()
                    line.let_go.wait(SECONDS_MAX)
                    return
                line.replies.append(body)
                self._answer({"sentMessages": [{"id": "1", "quoteToken": "q"}]})

            def _answer(self, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Says nothing."""

        return Handler


@contextmanager
def _platform(line: _Line) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), line.handler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        line.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server:
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
        until(self._answers, "the server to answer")

    def _answers(self) -> bool:
        try:
            answer = urllib3.request("GET", f"{self._url}/healthz", timeout=10, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200

    def posts(self, body: bytes) -> int:
        digest = hmac.new(CHANNEL_SECRET.encode(), body, hashlib.sha256).digest()
        signed = {"X-Line-Signature": base64.b64encode(digest).decode()}
        answer = urllib3.request(
            "POST",
            f"{self._url}/callback",
            body=body,
            headers=signed,
            timeout=SECONDS_MAX,
            retries=False,
        )
        return answer.status

    def dies(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(SECONDS_MAX)


def _follow() -> bytes:
    event = {
        "type": "follow",
        "follow": {"isUnblocked": False},
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01HEXAMPLE0000000000000000",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "a" * 32,
    }
    return json.dumps({"destination": "U" + "b" * 32, "events": [event]}).encode()


def _statuses(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as club:
        return [status for (status,) in club.execute("SELECT status FROM webhook_events")]


@pytest.fixture
def port() -> Iterator[int]:
    with held_port() as port:
        yield port


def test_what_was_answered_200_is_done_after_kill_9_and_done_once(
    sqlite_template: bytes, tmp_path: Path, port: int
) -> None:
    database = tmp_path / "club.sqlite3"
    database.write_bytes(sqlite_template)
    line = _Line()
    with _platform(line) as address:
        environment = {
            **os.environ,
            "SECRET_KEY": "a-secret-key-for-a-server-that-will-be-killed",
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{database}",
            "BASE_URL": "https://club.example",
            "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE": address,
        }
        line.hangs.set()
        first = _Server(environment, port)
        try:
            assert first.posts(_follow()) == 200
            assert line.asked.wait(SECONDS_MAX), "the reply was never tried"
        finally:
            first.dies()
        assert line.replies == []

        line.hangs.clear()
        second = _Server(environment, port)
        try:
            until(lambda: _statuses(database) == ["done"], "the second process's work")
            assert second.posts(_follow()) == 200
        finally:
            second.dies()
    assert len(line.replies) == 1
    assert _statuses(database) == ["done"]
    with closing(sqlite3.connect(database)) as club:
        assert club.execute("SELECT count(*) FROM members").fetchone() == (1,)
        assert club.execute("SELECT count(*) FROM entries").fetchone() == (1,)
