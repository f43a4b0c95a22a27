"""LINE's replies, pushes, multicasts and quota, answering as a test wants, on a real port here.

It keeps LINE's terms for retry keys: what was accepted under a key is accepted once. And it counts
itself what arrived at whom, so that nobody's word needs to be taken for it.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import Quiet, on_loopback
from tests.waiting import SECONDS_MAX


@dataclass(frozen=True)
class Reaction:
    """What LINE does with a request: `takes` it, so that it arrives, and answers with `status`
    (0: closes the connection without a word), `seconds` later."""

    status: int
    says: str = "no"
    takes: bool = False
    seconds: float = 0.0


OK = Reaction(200, takes=True)
BROKEN, BROKEN_AFTER = Reaction(500), Reaction(500, takes=True)
SILENCE, SILENCE_AFTER = Reaction(0), Reaction(0, takes=True)
#: Longer than the clients of `processes` wait.
LATE = Reaction(200, takes=True, seconds=0.8)
TAKEN_ALREADY, REFUSED, BAD_TOKEN = Reaction(409), Reaction(400), Reaction(401)
USED_UP = Reaction(429, "You have reached your monthly limit.")
TOO_FAST = Reaction(429, "The API rate limit has been exceeded. Try again later.")


#: Of the account, as LINE tells it.
INFO = {
    "userId": "U" + "0" * 32, "basicId": "@kayoi", "displayName": "Kayoi", "chatMode": "chat",
    "markAsReadMode": "manual",
}  # fmt: skip


@dataclass(frozen=True)
class Pushed:
    """A push or multicast as it came in, and what was done with it."""

    to: tuple[str, ...]
    messages: list[dict[str, Any]]
    retry_key: str
    raw: bytes
    answer: Reaction
    #: Of time.monotonic.
    at: float = field(default_factory=time.monotonic)

    @property
    def unit(self) -> str | None:
        """By which LINE counts it."""
        units: list[str] = json.loads(self.raw).get("customAggregationUnits", [])
        assert len(units) <= 1
        return units[0] if units else None

    @property
    def text(self) -> str:
        return json.dumps(self.messages, ensure_ascii=False).replace("\u2060", "")


@dataclass
class Line:
    """`answers` are given in turn, then what `react` says. `limit` and `used` are of the month.

    `arrived` counts, for each person, how often each text did.
    """

    url: str
    answers: list[Reaction] = field(default_factory=list)
    react: Callable[[], Reaction] = lambda: OK
    limit: int | None = None
    used: int = 0
    pushed: list[Pushed] = field(default_factory=list)
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)
    quota_asked: int = 0
    #: Where it sends events, and what comes of it when it calls there.
    webhook: str = "https://elsewhere.example/callback"
    webhook_reason: str = "OK"
    #: The tokens of replies, as they came in, and how many were on their way at most.
    replied: list[str] = field(default_factory=list)
    at_once_max: int = 0
    #: Replies are held back until so many of them are on their way together.
    holds: int = 0
    _at_once: int = 0
    _arriving: threading.Condition = field(default_factory=threading.Condition)
    #: What it counts of any unit, with which status it says so, and what it was asked.
    opened: int | None = None
    statistics_status: int = 200
    units_asked: list[dict[str, str]] = field(default_factory=list)
    #: How long a profile takes, and how many were asked for at the same time at most.
    profile_seconds: float = 0
    profiles_at_once_max: int = 0
    _profiles: int = 0
    #: Who makes LINE refuse a request that names them.
    refuses: set[str] = field(default_factory=set)
    during_push: Callable[[], None] = lambda: None
    _taken: dict[str, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def accepted(self) -> list[Pushed]:
        """What was taken, as it first was."""
        return [push for push in self.pushed if push.answer.takes]

    def push(self, raw: bytes, retry_key: str) -> Reaction:
        self.during_push()
        body = json.loads(raw)
        to = (body["to"],) if isinstance(body["to"], str) else tuple(body["to"])
        with self._lock:
            reaction = self.answers.pop(0) if self.answers else self.react()
            if self.refuses & set(to):
                reaction = REFUSED
            if reaction.takes and retry_key in self._taken:
                assert self._taken[retry_key] == raw, "another body under the same key"
                reaction = TAKEN_ALREADY
            push = Pushed(to, body["messages"], retry_key, raw, reaction)
            self.pushed.append(push)
            if reaction.takes:
                self._taken[retry_key] = raw
                self.arrived.update((user, push.text) for user in set(to))
        return reaction

    @contextmanager
    def reply(self, raw: bytes) -> Iterator[Reaction]:
        """What is done with a reply; under way until the end of the block."""
        with self._lock:
            self.replied.append(json.loads(raw)["replyToken"])
            self._at_once += 1
            self.at_once_max = max(self.at_once_max, self._at_once)
            reaction = self.answers.pop(0) if self.answers else self.react()
        with self._arriving:
            self._arriving.notify_all()
            self._arriving.wait_for(lambda: self.at_once_max >= self.holds, SECONDS_MAX)
        yield reaction
        with self._lock:
            self._at_once -= 1

    def profile(self) -> dict[str, Any]:
        """Anybody's."""
        with self._lock:
            self._profiles += 1
            self.profiles_at_once_max = max(self.profiles_at_once_max, self._profiles)
        time.sleep(self.profile_seconds)
        with self._lock:
            self._profiles -= 1
        return {"displayName": "誰か", "language": "ja"}

    def quota(self) -> dict[str, Any]:
        self.quota_asked += 1
        return {"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit}


class _Handler(Quiet, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: ClassVar[Line]

    def do_GET(self) -> None:
        if self.path.endswith("/bot/info"):
            return self._say(200, INFO)
        if self.path.endswith("/webhook/endpoint"):
            return self._say(200, {"endpoint": self.line.webhook, "active": True})
        if "/profile/" in self.path:
            return self._say(200, self.line.profile())
        if "/insight/" in self.path:
            self.line.units_asked.append(dict(parse_qsl(urlsplit(self.path).query)))
            counts = {"uniqueImpression": self.line.opened, "uniqueClick": None}
            told = {"overview": counts, "messages": [], "clicks": []}
            return self._say(self.line.statistics_status, told)
        if self.path.endswith("/quota/consumption"):
            return self._say(200, {"totalUsage": self.line.used})
        return self._say(200, self.line.quota())

    def do_PUT(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.line.webhook = json.loads(raw)["endpoint"]
        self._say(200, {})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/webhook/test"):
            reason = self.line.webhook_reason
            told = {"success": reason == "OK", "reason": reason, "detail": "503", "statusCode": 503}
            self._say(200, {**told, "timestamp": "2026-11-29T00:00:00.000Z"})
            return
        if self.path.endswith("/message/reply"):
            with self.line.reply(raw) as reaction:
                time.sleep(reaction.seconds)
        else:
            reaction = self.line.push(raw, self.headers["X-Line-Retry-Key"])
            time.sleep(reaction.seconds)
        if reaction.status == 0:
            self.close_connection = True
            return
        sent: dict[str, Any] = {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        self._say(reaction.status, sent if reaction.takes else {"message": reaction.says})

    def _say(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Line-Accepted-Request-Id", "earlier")
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def line_on_loopback() -> Iterator[Line]:
    class Handler(_Handler):
        pass

    with on_loopback(Handler) as url:
        Handler.line = Line(f"{url}/simulator/api")
        yield Handler.line
