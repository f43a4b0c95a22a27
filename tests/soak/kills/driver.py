"""The load: LINE, somebody at the counter, and a till, who ask again until they are answered."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import urllib3

from .acts import CHAT, VISITS, Act, Kind, request, understood
from .town import Person, Town

#: How often what is done.
_WEIGHTS: dict[Kind, int] = {
    "letter": 4, "points": 4, "tap": 3, "follow": 1, "chat_check_in": 4, "scan": 5, "check_in": 3,
    "purchase": 5, "redeem": 3,
}  # fmt: skip
#: Nobody comes twice within so long, which would be read as one visit; nor oftener than this in a
#: day, so that each visit counts.
_APART_SECONDS, _VISITS_MAX = 15, 20
#: Whoever isn't answered so long after all is well never is.
_ANSWERED_SECONDS_MAX = 300
#: In so many of a hundred cases somebody asks once more, though they were answered.
_AGAIN = 10


class Driver:
    """Threads that do one act after another."""

    def __init__(
        self, town: Town, *, seed: int, threads: int, patience: float, rest: float
    ) -> None:
        self._town, self._seed, self._threads = town, seed, threads
        self._patience, self._rest = patience, rest
        self._pool = urllib3.PoolManager(maxsize=threads, retries=False, num_pools=8)
        self._lock = threading.Lock()
        self._visits: Counter[int] = Counter()
        self._came: dict[int, float] = {}
        self._cookies, self._csrf = self._signed_in()
        self.acts: list[Act] = []
        #: Requests that were made, and how many of them were answered for good.
        self.tries = self.acknowledged = 0
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._stopping = threading.Event()
        #: What was to be lived through has failed by itself: nobody waits for answers any more.
        self._has_given_up = False

    @contextmanager
    def at_work(self) -> Iterator["Driver"]:
        """At the end of the block nothing new is begun, and what was is asked for until it is
        answered."""
        running = [
            threading.Thread(target=self._work, args=(Random(self._seed * 1000 + n),), daemon=True)
            for n in range(self._threads)
        ]
        for each in running:
            each.start()
        try:
            yield self
        except BaseException:
            self._has_given_up = True
            raise
        finally:
            self._stopping.set()
            for each in running:
                each.join(_ANSWERED_SECONDS_MAX)
            self._pool.clear()
        assert not any(each.is_alive() for each in running), "some were never answered"

    def _work(self, chance: Random) -> None:
        while not self._stopping.is_set() and not self.wrong:
            act = self._draw(chance)
            if act is None:
                time.sleep(self._rest)
                continue
            try:
                self._does(act, chance)
            except Exception as problem:
                self.wrong.append(f"{act.kind}: {problem!r}")
            time.sleep(chance.uniform(0, 2 * self._rest))

    def _draw(self, chance: Random) -> Act | None:
        kind = chance.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
        with self._lock:
            person = None if kind == "follow" else self._somebody(kind, chance)
            if person is None and kind != "follow":
                return None
            yen = chance.randrange(100, 3_000) if kind in ("purchase", "scan") else 0
            if kind == "scan" and chance.randrange(2):
                yen = 0
            act = Act(kind, len(self.acts) + 1, person, yen)
            self.acts.append(act)
        return act

    def _somebody(self, kind: Kind, chance: Random) -> Person | None:
        people = self._town.people
        if kind not in VISITS:
            return chance.choice(people)
        now = time.monotonic()
        for person in chance.sample(people, min(len(people), 20)):
            is_free = now - self._came.get(person.member_id, -1e9) > _APART_SECONDS
            if is_free and self._visits[person.member_id] < _VISITS_MAX:
                self._visits[person.member_id] += 1
                # Until they are answered nobody knows when they came.
                self._came[person.member_id] = float("inf")
                return person
        return None

    def _does(self, act: Act, chance: Random) -> None:
        while act.said is None and not self._has_given_up:
            self._asks(act, chance)
            if act.said is None:
                time.sleep(chance.uniform(0.05, 0.4))
        if act.said is not None and chance.randrange(100) < _AGAIN:
            self._asks_again(act, chance)
        if act.kind in VISITS and act.person is not None:
            with self._lock:
                self._came[act.person.member_id] = time.monotonic()

    def _asks(self, act: Act, chance: Random) -> None:
        asked = request(self._town, act, cookies=self._cookies, csrf=self._csrf)
        act.tries += 1
        where = chance.choice(self._town.webs).address
        said, status = None, "nothing"
        try:
            answer = self._pool.request(
                "POST",
                where + asked.path,
                body=asked.body,
                headers=asked.headers,
                timeout=self._patience,
                redirect=False,
            )
            status = str(answer.status)
            said = understood(act, answer.status, answer.data)
        except urllib3.exceptions.HTTPError:
            """Nobody is there, or nobody answers."""
        with self._lock:
            self.tries += 1
            self.answers[f"{'chat' if act.kind in CHAT else act.kind}: {status}"] += 1
            if said is not None and act.said is None:
                act.said, act.answered = said, time.monotonic()
                self.acknowledged += 1

    def _asks_again(self, act: Act, chance: Random) -> None:
        """Once more what was answered: it must be the same."""
        first, act.said = act.said, None
        assert first is not None
        while act.said is None and not self._has_given_up:
            self._asks(act, chance)
            if act.said is None:
                time.sleep(0.2)
        if act.said is None:
            return
        self.acknowledged -= 1
        told = ("status", "result", "action", "points", "grants", "balance", "purchase", "code")
        for name in told:
            assert first.body.get(name) == act.said.body.get(name), (first, act.said)
        assert first.status == act.said.status

    def _signed_in(self) -> tuple[str, str]:
        """The cookies and the token of somebody at the counter."""
        web, cookies = self._town.webs[0].address, dict[str, str]()

        def ask(method: str, path: str, body: str = "") -> urllib3.BaseHTTPResponse:
            headers = {"Host": "club.example", "Cookie": _line(cookies)}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            answer = urllib3.request(
                method, web + path, body=body, headers=headers, redirect=False, retries=False
            )
            for each in answer.headers.getlist("Set-Cookie"):
                name, _, value = each.partition(";")[0].partition("=")
                cookies[name] = value
            return answer

        path = self._town.sign_in
        csrf = _csrf_of(ask("GET", path))
        entered = ask("POST", path, f"csrf_token={csrf}")
        assert entered.status == 303, entered.data
        # The page's token is kept in a cookie, too.
        csrf = _csrf_of(ask("GET", "/staff/"))
        return _line(cookies), csrf


def _line(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _csrf_of(page: urllib3.BaseHTTPResponse) -> str:
    found = re.search(rb'<meta name="csrf" content="([^"]+)">', page.data)
    assert found is not None, (page.status, page.data[:500])
    return found[1].decode()


def shown(answers: Counter[str]) -> str:
    return json.dumps(dict(sorted(answers.items())), ensure_ascii=False)
