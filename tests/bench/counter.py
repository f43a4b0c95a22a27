"""A counter of a large club, over HTTP: scans and searches of somebody who is signed in, the first
scan after a start, and who joins by writing to the shop.

One request at a time, on the server as `flask serve` sets it, with its event workers at work.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from . import wsgi
from .browser import Browser
from .doors import STAFF, opened_doors, prepare
from .kept import LargeClubs
from .line_server import line_server
from .measure import Goal, Row, Sizes, compare
from .server import serving

P99_MS_MAX = 100.0
SEARCH_MS_MAX = 300.0
REPLY_MS_MAX = 10.0
FIRST_MAX = 3.0


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    measuring = (_one_by_one, _after_starts)
    return [row for each in clubs for rows in measuring for row in rows(each, sizes)]


def _one_by_one(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    where, calls = f"{sizes.crowd:,} members, {clubs.name}", range(sizes.calls)
    with (
        clubs.copied(sizes.crowd) as url,
        line_server(0) as line,
        opened_doors(url, line, scans=sizes.calls) as doors,
    ):
        scans = [doors.scan() for _ in calls]
        searches = [doors.search() for _ in calls]
        replied = median(doors.reply() for _ in calls)
        joined = median(doors.join() for _ in calls)
    yield Row(f"scan, {where}", "ms", median(scans), P99_MS_MAX, median(scans) / P99_MS_MAX)
    yield at_most(f"scan, {where}, p99", share(scans, 0.99), P99_MS_MAX)
    yield at_most(f"search, {where}, p95", share(searches, 0.95), SEARCH_MS_MAX)
    yield at_most(f"reply, {where}", replied, REPLY_MS_MAX)
    yield Row(f"join to the reply ÷ reply, {where}", "ms", joined, replied, joined / replied)


def at_most(path: str, ms: float, most: float) -> Row:
    return Row(path, "ms", ms, most, ms / most, Goal(ours_max=most))


def share(times: Sequence[float], part: float) -> float:
    """What that part of the times are at most."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def _after_starts(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    """The first scan of a new server, against the median of those right after it."""
    with clubs.copied(sizes.crowd) as url:
        left, environment = prepare(url, sizes.rounds * (1 + sizes.later)), wsgi.environment(url)
        # The first start of all compiles, and reads the database's file.
        with serving("answering", environment) as port, Browser(port) as browser:
            browser.signs_in(STAFF)
        first, later = [], []
        for _ in range(sizes.rounds):
            with serving("answering", environment) as port, browser.at(port) as anew:
                first.append(anew.scans(next(left)))
                later.append(median(anew.scans(next(left)) for _ in range(sizes.later)))
    path = f"first scan after a start ÷ a later one, {sizes.crowd:,} members, {clubs.name}"
    yield compare(path, "ms", first, later, Goal(ratio_max=FIRST_MAX))
