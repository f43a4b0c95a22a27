"""The browser of somebody of the staff, signed in: HTTP, on a connection that stays open."""

import json
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import text

from bot.clock import Clock
from bot.codes import Codes
from bot.passwords import hashed
from bot.store import Store
from bot.store.staff import staff
from bot.store.staff.staff import Role

from .club import timeline_of
from .wsgi import SECRET_KEY

_PASSWORD = "a password of the benchmarks"
#: Sooner than any server closes a connection on which nothing is asked.
_IDLE_SECONDS = 20.0
_CSRF = re.compile(r'<meta name="csrf" content="([^"]+)">')


@dataclass
class Answer:
    """What came, and after how many ms."""

    status: int
    body: bytes
    ms: float


@dataclass
class Browser:
    """Keeps cookies, and the token that its pages send with what they ask. `port` may change: a
    session outlives the server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    _connection: HTTPConnection | None = None
    _asked_at: float = 0.0

    def at(self, port: int) -> "Browser":
        """The same browser, when another server has taken the place of the first."""
        return Browser(port, self.cookies, self.csrf)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def signs_in(self, login: str) -> None:
        self._look("/staff/login")
        fields = {"csrf_token": self.csrf, "login": login, "password": _PASSWORD}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.asks("POST", "/staff/login", urlencode(fields).encode(), form)
        if answer.status != 303:
            raise RuntimeError(f"{login} was not let in: {answer.status}")
        self._look("/staff/")

    def _look(self, path: str) -> None:
        found = _CSRF.search(self.gets(path).body.decode())
        if not found:
            raise RuntimeError(f"{path} is no page of the staff's")
        self.csrf = found[1]

    def gets(self, path: str) -> Answer:
        return self._good("GET", path)

    def posts(self, path: str, told: dict[str, Any]) -> Answer:
        """What a page's script asks."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.csrf}
        return self._good("POST", path, json.dumps(told).encode(), headers)

    def scans(self, card: str) -> float:
        """A scan that is taken, in ms."""
        told = {"code": card, "scanId": str(uuid4())}
        answer = self.posts("/staff/api/scan", told)
        if json.loads(answer.body)["tone"] == "bad":
            raise RuntimeError(f"a scan was refused: {answer.body.decode()[:300]}")
        return answer.ms

    def _good(self, method: str, path: str, *asked: Any) -> Answer:
        answer = self.asks(method, path, *asked)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def asks(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        whole = {"Host": "bench.invalid", "Cookie": cookies, **(headers or {})}
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        elif time.monotonic() - self._asked_at > _IDLE_SECONDS:
            # The server may have closed it meanwhile: it is opened again by itself.
            self._connection.close()
        self._asked_at = time.monotonic()
        began = time.perf_counter()
        self._connection.request(method, path, body or None, whole)
        answer = self._connection.getresponse()
        content = answer.read()
        ms = (time.perf_counter() - began) * 1000
        self._keep(answer)
        return Answer(answer.status, content, ms)

    def _keep(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value


def hire(store: Store, login: str, role: Role) -> None:
    """Lets somebody sign in, at the first store."""
    branch = timeline_of(store).latest.programme.stores[0].id if role == "staff" else None
    with store.begin() as uow:
        person = staff.add(
            uow, login=login, name=login, role=role, store=branch, language="ja", at=Clock().now()
        )
        assert person is not None
        staff.change(uow, person.id, password_hash=hashed(_PASSWORD))


def cards(store: Store, count: int) -> list[str]:
    """The codes of so many members' cards, from all over the club."""
    codes = Codes(SECRET_KEY)
    with store.read() as uow:
        last = uow.run(text("SELECT max(id) FROM members")).scalar_one()
        ids = {1 + place * (last - 1) // max(count - 1, 1) for place in range(count)}
        asked = text("SELECT number, issue FROM members WHERE id = :id")
        rows = [uow.run(asked, {"id": member}).one() for member in sorted(ids)]
    return [codes.card_code(row.number, row.issue) for row in rows]
