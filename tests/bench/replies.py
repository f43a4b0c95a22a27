"""Replies, from the POST of an event to the moment when the reply reaches a LINE that is slow.

A burst: as many members as come after a broadcast each write one text, over connections that stay
open. Then one text at a time, when the reply to the one before has arrived. At last what the
server's process does for one 「カード」 until the reply has left, in time of a processor.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from statistics import median

import psutil
from sqlalchemy import func, select

from bot.clock import Clock
from bot.store import Store
from bot.store.tables import webhook_events
from tests.waiting import until

from . import crowd, wsgi
from .club import settle_first
from .databases import Database
from .line_server import arrivals, line_server
from .load import opened, post_all, text_of
from .measure import Goal, Row, Sizes
from .server import serving
from .webhook import CONNECTIONS

LATENCIES_MS = (30, 100, 200)
REPLIES_PER_SECOND = 250.0
BURST_SECONDS_MAX = 10
ONE_MS_MAX = 5
#: What the process may do for one 「カード」 until the reply has left.
WORK_MS_MAX = 3
_SINGLE, _TYPED = 100, 30


@dataclass(frozen=True, slots=True)
class Burst:
    """Seconds from the first POST to the last reply's arrival, and how many never arrived."""

    seconds: float
    lost: int


def measure(databases: Sequence[Database], sizes: Sizes) -> list[Row]:
    """On each database, with each latency: a burst, then one text at a time."""
    return [
        row
        for database in databases
        for latency in LATENCIES_MS
        for row in _rows(database, latency, sizes)
    ]


def _rows(database: Database, latency: int, sizes: Sizes) -> list[Row]:
    people = sizes.burst
    with _answering(database, latency / 1000, people) as (port, line, store):
        bursts = [burst(port, line, people) for _ in range(sizes.rounds)]
        alone = [one(port, line, n) * 1000 for n in range(min(people, _SINGLE))]
        worked = [work(port, line, n, store) * 1000 for n in range(min(people, _TYPED))]
    path = f"replies, LINE at {latency} ms, {database.name}"
    speed = median((people - each.lost) / each.seconds for each in bursts)
    slowest = median(each.seconds for each in bursts)
    lost, ms = sum(each.lost for each in bursts), median(alone)
    return [
        Row(path, "/s", speed, REPLIES_PER_SECOND, speed / REPLIES_PER_SECOND, Goal(ratio_min=1)),
        _at_most(f"{path}: a burst of {people:,}", "s", slowest, BURST_SECONDS_MAX),
        Row(f"{path}: of it lost", "", lost, people, lost / people, Goal(ours_max=0)),
        _at_most(f"{path}: one at a time", "ms", ms, ONE_MS_MAX),
        _at_most(f"{path}: work for a typed カード", "ms", median(worked), WORK_MS_MAX),
    ]


def _at_most(path: str, unit: str, ours: float, most: float) -> Row:
    return Row(path, unit, ours, most, ours / most, Goal(ours_max=most))


def burst(port: int, line: str, people: int) -> Burst:
    """Each of the people writes once, as fast as the webhook takes it."""
    events = [text_of(crowd.line_id(n)) for n in range(1, people + 1)]
    with opened(port, CONNECTIONS) as open_:
        began = time.monotonic()
        post_all(open_, [event.request for event in events])
        came = arrivals(line, people)
    return Burst(max(came.values(), default=began) - began, people - len(came))


def one(port: int, line: str, number: int) -> float:
    """Seconds for somebody's single text while nothing else is going on."""
    event = text_of(crowd.line_id(number + 1))
    with opened(port, 1) as open_:
        began = time.monotonic()
        post_all(open_, [event.request])
        came = arrivals(line, 1)
    return came[event.token] - began


def work(port: int, line: str, number: int, store: Store) -> float:
    """Seconds of a processor that the server's process takes for somebody's 「カード」, from the
    POST until the reply has left. LINE has said nothing by then."""
    [server] = (each for each in psutil.Process().children() if str(port) in each.cmdline())
    event = text_of(crowd.line_id(number + 1), "カード")
    with opened(port, 1) as open_:
        before = _worked(server.pid)
        post_all(open_, [event.request])
        arrivals(line, 1)
        done = _worked(server.pid) - before
    # What LINE says is written down first: it is no part of the next one.
    until(lambda: not _open(store), "the reply's event to be closed")
    return done


def _open(store: Store) -> int:
    """How many events nobody has closed yet."""
    is_open = webhook_events.c.status == "new"
    with store.read() as uow:
        return int(uow.run(select(func.count()).where(is_open)).scalar_one())


def _worked(process: int) -> float:
    """Seconds of a processor that a process has had, as exactly as Linux knows."""
    # clock_getcpuclockid(3), which Python has for threads alone.
    return time.clock_gettime((~process << 3) | 2)


@contextmanager
def _answering(database: Database, latency: float, people: int) -> Iterator[tuple[int, str, Store]]:
    """The port of a server that replies, the address of its LINE, and what it stores in."""
    url = database.copy()
    store = Store(url)
    settle_first(store, Clock().now())
    crowd.make(store, people)
    with (
        closing(store),
        line_server(latency) as line,
        serving("answering", wsgi.environment(url, line)) as port,
    ):
        one(port, line, 0)
        yield port, line, store
