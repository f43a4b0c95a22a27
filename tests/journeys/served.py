"""The club as it is really served, in a process of its own, and a LINE beside it."""

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3

from bot.settings import PROJECT
from tests.waiting import SECONDS_MAX, until

CHANNEL_SECRET = "0123456789abcdef0123456789abcdef"
USER = "U" + "a" * 32


class Line:
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
def platform(line: Line) -> Iterator[str]:
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

    def ends(self) -> int:
        """Asks it to end, as whoever runs services does; gives its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(SECONDS_MAX)

    def dies(self) -> None:
        if self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(SECONDS_MAX)


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
