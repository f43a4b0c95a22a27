"""A LINE on real HTTP, which remembers what it took and whom it told so.

It keeps LINE's terms: a reply token is good once and for a minute, and what was accepted under a
retry key is accepted once, and answered 409 when it comes again.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from tests.loopback import Quiet, on_loopback

#: A reply token is good for so long; ours count on less.
TOKEN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Mood:
    """What it does with a message: `takes` it or not, then answers with that status (0: closes
    without a word), so many seconds later."""

    status: int
    takes: bool = False
    seconds: float = 0.0


FINE = Mood(200, takes=True)
#: How it is on a bad day, one of these for each message.
BAD = (
    Mood(500), Mood(500, takes=True), Mood(0), Mood(0, takes=True), Mood(429), FINE,
    Mood(200, takes=True, seconds=3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push as it was accepted."""

    retry_key: str
    to: tuple[str, ...]
    body: bytes


@dataclass
class PlayedLine:
    """Its memory. `seen` counts what it was asked, by kind and status."""

    chance: random.Random
    is_bad: bool = False
    #: Who wrote, by the reply token that LINE gave out with it, and when, of time.monotonic.
    given: dict[str, tuple[str, float]] = field(default_factory=dict)
    replies: dict[str, bytes] = field(default_factory=dict)
    pushes: dict[str, Pushed] = field(default_factory=dict)
    #: Replies that were taken, and of which nobody may have been told so.
    unacknowledged: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    broken_terms: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def gives(self, token: str, user: str) -> None:
        """Gives out a reply token with an event."""
        with self.lock:
            self.given[token] = user, time.monotonic()

    def reply(self, raw: bytes) -> Mood:
        token = json.loads(raw)["replyToken"]
        with self.lock:
            mood = self._mood()
            if token not in self.given:
                self.broken_terms.append(f"a reply by a token that was never given: {token}")
            _, at = self.given.get(token, ("", 0.0))
            is_good = token not in self.replies and time.monotonic() - at < TOKEN_SECONDS
            if not is_good and mood.status in (200, 500):
                return self._seen("reply", Mood(400))
            if mood.takes:
                self.replies[token] = raw
                self.unacknowledged.add(token)
            return self._seen("reply", mood)

    def push(self, raw: bytes, key: str) -> Mood:
        body = json.loads(raw)
        to = (body["to"],) if isinstance(body["to"], str) else tuple(body["to"])
        with self.lock:
            mood = self._mood()
            known = self.pushes.get(key)
            if known is not None and known.body != raw:
                self.broken_terms.append(f"another body under the retry key {key}")
            if known is not None and mood.takes:
                return self._seen("push", Mood(409))
            if mood.takes:
                self.pushes[key] = Pushed(key, to, raw)
            return self._seen("push", mood)

    def told(self, raw: bytes) -> None:
        """The answer to a reply that it took has left whole."""
        with self.lock:
            self.unacknowledged.discard(json.loads(raw)["replyToken"])

    def _mood(self) -> Mood:
        return self.chance.choice(BAD) if self.is_bad else FINE

    def _seen(self, kind: str, mood: Mood) -> Mood:
        self.seen[f"{kind} {mood.status or 'silence'}"] += 1
        return mood


class _Handler(Quiet, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: ClassVar[PlayedLine]

    def do_GET(self) -> None:
        if "/profile/" in self.path:
            user = self.path.rpartition("/")[2]
            return self._say(200, {"userId": user, "displayName": "さくら", "language": "ja"})
        if self.path.endswith("/bot/info"):
            bot = {"userId": "U" + "b" * 32, "basicId": "@shop", "displayName": "店"}
            return self._say(200, {**bot, "chatMode": "bot", "markAsReadMode": "auto"})
        return self._say(200, {"type": "none", "totalUsage": 0})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_reply = self.path.endswith("/message/reply")
        if is_reply:
            mood = self.line.reply(raw)
        elif self.path.endswith(("/message/push", "/message/multicast")):
            mood = self.line.push(raw, self.headers["X-Line-Retry-Key"])
        else:
            mood = FINE
        time.sleep(mood.seconds)
        if mood.status == 0:
            self.close_connection = True
            return
        sent: dict[str, Any] = {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        wrong = "Invalid reply token" if mood.status == 400 else "no"
        self._say(mood.status, sent if mood.status == 200 else {"message": wrong})
        if is_reply and mood.status == 200:
            self.line.told(raw)

    def _say(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if status == 409:
            self.send_header("X-Line-Accepted-Request-Id", "earlier")
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def played(line: PlayedLine) -> Iterator[int]:
    """Plays it; gives its port."""

    class Handler(_Handler):
        pass

    Handler.line = line
    with on_loopback(Handler) as url:
        yield int(url.rpartition(":")[2])
