"""Scans at the counter while a Monday's night judges everybody's week and a push goes out, as in
production: on SQLite all in the one process, on PostgreSQL night and push in a worker of its own.

    python -m tests.bench.busy

is that worker.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import text

from bot.clock import Clock
from bot.line.limits import PUSHES_PER_SECOND
from bot.line.messages import text_message
from bot.logs import configure_logs
from bot.settings import PROJECT
from bot.store import Store
from bot.store.messages import outbox
from bot.store.messages.outbox import PlannedMessage
from handlers.actions.telling.messages import SayMessages
from handlers.commands.serving import set_up_python, wait_to_be_stopped

from . import wsgi
from .browser import Browser
from .counter import P99_MS_MAX, at_most, share
from .doors import STAFF, prepare
from .kept import LargeClubs
from .line_server import line_server
from .measure import Row, Sizes
from .server import serving

PUSHED = 10_000
#: A million within ten minutes.
JUDGED_PER_SECOND = 1_000_000 / 600
#: Between two scans.
_PAUSE = 0.05
_NIGHT_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True)
class _Done:
    """By when members' weeks were judged and messages sent, and of how many."""

    at: float
    judged: int
    sent: int


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    return [row for each in clubs for row in _on(each, sizes)]


def _on(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    with clubs.copied(sizes.crowd) as url, line_server() as line:
        environment = wsgi.environment(url, line)
        scans = int(sizes.busy_seconds / _PAUSE) + 1
        left = prepare(url, scans + sizes.later)
        with serving("answering", environment) as port, Browser(port) as browser:
            browser.signs_in(STAFF)
        store = Store(url)
        try:
            before = _done(store)
            with _at_work(store, environment) as port, browser.at(port) as till:
                for _ in range(sizes.later):
                    till.scans(next(left))
                _wait_for_night(store, before)
                _push(store)
                began = _done(store)
                times = list(_scans(till, left, sizes.busy_seconds))
                ended = _done(store)
        finally:
            store.close()
    where = f"{sizes.crowd:,} members, {clubs.name}"
    path, seconds = f"scan during night and push, {where}", ended.at - began.at
    judged, sent = (ended.judged - began.judged) / seconds, (ended.sent - began.sent) / seconds
    yield Row(path, "ms", median(times), P99_MS_MAX, median(times) / P99_MS_MAX)
    yield at_most(f"{path}, p99", share(times, 0.99), P99_MS_MAX)
    yield _rate(f"{path}: weeks judged meanwhile", judged, JUDGED_PER_SECOND)
    yield _rate(f"{path}: pushes meanwhile", sent, PUSHES_PER_SECOND)


def _rate(path: str, ours: float, most: float) -> Row:
    return Row(path, "/s", ours, most, ours / most)


@contextmanager
def _at_work(store: Store, environment: Mapping[str, str]) -> Iterator[int]:
    """Serves the club and lets the clock's work be done; gives the port."""
    if store.is_sqlite:
        with serving("whole", environment) as port:
            yield port
        return
    command = [sys.executable, "-m", "tests.bench.busy"]
    with (
        serving("answering", environment) as port,
        subprocess.Popen(command, env={**os.environ, **environment}, cwd=PROJECT,
                         stdout=subprocess.DEVNULL) as worker,
    ):  # fmt: skip
        try:
            yield port
        finally:
            worker.terminate()


def _done(store: Store) -> _Done:
    asked = text("""
        SELECT (SELECT count(*) FROM members WHERE settle_on > :today) AS judged,
            (SELECT count(*) FROM outbox WHERE status = 'sent') AS sent
    """)
    today = Clock().now().date()
    with store.read() as uow:
        row = uow.run(asked, {"today": today if not store.is_sqlite else today.isoformat()}).one()
    return _Done(time.monotonic(), row.judged, row.sent)


def _wait_for_night(store: Store, before: _Done) -> None:
    until = time.monotonic() + _NIGHT_SECONDS_MAX
    while _done(store).judged == before.judged:
        if time.monotonic() > until:
            raise RuntimeError("the night does not begin")
        time.sleep(0.1)


def _push(store: Store) -> None:
    """Queues a text of their own for each of so many members; one for all would go out at once."""
    now = Clock().now()
    useful = now + timedelta(days=1)
    with store.begin() as uow:
        asked = text("SELECT id FROM members ORDER BY id LIMIT :most")
        ids = list(uow.run(asked, {"most": PUSHED}).scalars())
        planned = [
            PlannedMessage(member, "news", "busy", _said(member), None, now, now, useful)
            for member in ids
        ]
        outbox.queue_many(uow, planned)


def _said(member: int) -> str:
    text_of_theirs = text_message(f"{member}番のお客様、いつもありがとうございます。")
    return SayMessages(messages=(text_of_theirs,)).model_dump_json()


def _scans(till: Browser, left: Iterator[str], seconds: float) -> Iterator[float]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield till.scans(next(left))
        time.sleep(_PAUSE)


def _work() -> None:
    """The worker, until it is told to stop."""
    set_up_python()
    app = wsgi.answering()
    # What is under way as it is told to stop is told to the log.
    configure_logs(level=logging.ERROR)
    parts = wsgi.clock_parts(app)
    for part in parts:
        part.start()
    wait_to_be_stopped()
    for part in (*reversed(parts), app.extensions["kayoi.workers"]):
        part.stop()


if __name__ == "__main__":
    _work()
