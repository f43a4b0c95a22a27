"""People who write and cards that are scanned while a version goes and another comes."""

import itertools
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.journeys.served import post, signed
from tests.journeys.served import text as written

from .versions import HOST

#: What is not taken is sent again after so long, for so long.
AGAIN_SECONDS, GIVE_UP_SECONDS = 0.5, 60
PASSWORD = "a long word nobody guesses"


@dataclass(slots=True)
class Seen:
    """What came of all that was sent, by what was going on then."""

    now: str = ""
    statuses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    #: The numbers of the events that were taken, and how many scans were.
    events: set[str] = field(default_factory=set)
    scans: int = 0
    #: Under which the counter was told that a scan is recorded, where it wasn't refused.
    actions: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)

    def sends(self, what: str, send: Callable[[], requests.Response]) -> requests.Response | None:
        """Until it is taken; None where it never was."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up:
            began, during = time.monotonic(), self.now
            try:
                answer = send()
                status = str(answer.status_code)
            except requests.RequestException as problem:
                answer, status = None, type(problem).__name__
            self.statuses[during][f"{what} {status}"] += 1
            took = time.monotonic() - began
            self.slowest[during] = max(self.slowest[during], took)
            if status == "200":
                return answer
            time.sleep(AGAIN_SECONDS)
        self.lost.append(what)
        return None


@dataclass
class Load:
    """People who write and cards that are scanned, at whichever ports are served."""

    seen: Seen
    ports: list[int]
    numbers: list[str]
    #: How staff are signed in.
    cookies: Mapping[str, str]
    token: str

    def __post_init__(self) -> None:
        self._over, self._lock = threading.Event(), threading.Lock()
        self._count = itertools.count(1)
        work = [self._writes] * 2 + [self._scans] * 2
        self._threads = [threading.Thread(target=each) for each in work]

    @contextmanager
    def goes_on(self) -> Iterator[None]:
        for each in self._threads:
            each.start()
        try:
            yield
        finally:
            self._over.set()
            for each in self._threads:
                each.join()

    def _port(self, turn: int) -> int:
        ports = self.ports
        return ports[turn % len(ports)]

    def _writes(self) -> None:
        while not self._over.is_set():
            number = next(self._count)
            event = written(number % 40, number)
            body = post(event)

            def send(body: bytes = body) -> requests.Response:
                url = f"http://127.0.0.1:{self._port(next(self._count))}/callback"
                headers = {**HOST, **signed(body)}
                return requests.post(url, data=body, headers=headers, timeout=30)

            if self.seen.sends("event", send) is not None:
                self.seen.events.add(event["webhookEventId"])
            time.sleep(0.05)

    def _scans(self) -> None:
        while not self._over.is_set():
            turn = next(self._count)
            asked: dict[str, Any] = {
                "code": self.numbers[turn % len(self.numbers)],
                "scanId": str(uuid4()),
                "amount": 500,
                "via": "typed",
            }

            def send(asked: dict[str, Any] = asked) -> requests.Response:
                return requests.post(
                    f"http://127.0.0.1:{self._port(next(self._count))}/staff/api/scan",
                    json=asked,
                    headers={**HOST, "X-CSRFToken": self.token},
                    cookies=dict(self.cookies),
                    timeout=30,
                )

            if (answer := self.seen.sends("scan", send)) is not None:
                with self._lock:
                    self.seen.scans += 1
                if (action := answer.json()["action"]) is not None:
                    self.seen.actions.add(action)
            time.sleep(0.05)


def signed_in(port: int, link: str) -> tuple[Mapping[str, str], str]:
    """The cookies and the token of who chooses a password by the link."""
    at, cookies = f"http://127.0.0.1:{port}{link}", dict[str, str]()

    def asks(url: str, form: Mapping[str, str] | None = None) -> str:
        # What is for https alone is sent back all the same: the proxy is left out here.
        answer = requests.request(
            "POST" if form else "GET",
            url,
            data=form,
            headers=HOST,
            cookies=cookies,
            timeout=30,
            allow_redirects=False,
        )
        cookies.update((each.name, each.value or "") for each in answer.cookies)
        return answer.text

    def token(page: str) -> str:
        found = re.search(r'csrf[^>]*(?:content|value)="([^"]+)"', page)
        assert found, page[:2000]
        return found[1]

    asks(at, {"csrf_token": token(asks(at)), "password": PASSWORD, "again": PASSWORD})
    return cookies, token(asks(f"http://127.0.0.1:{port}/staff/"))
