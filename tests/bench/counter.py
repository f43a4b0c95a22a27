"""A counter of a large club, over HTTP: scans and searches of somebody who is signed in, the first
scan after a start, and who joins by writing to the shop.

One request at a time, on the server as `flask serve` sets it, with its event workers at work.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from bot.store import Store

from . import wsgi
from .browser import Browser, cards, hire, scan_of, share
from .kept import LargeClubs
from .line_server import line_server
from .measure import Goal, Row, Sizes
from .replies import one
from .server import serving

P99_MS_MAX = 100.0
SEARCH_MS_MAX = 300.0
REPLY_MS_MAX = 10.0
FIRST_MAX = 3.0
#: What staff look for: a name that many have, one that fewer have, a reading, four digits, one's
#: own display name.
SEARCHED = ("佐藤", "山田 さくら", "たなか", "0504", "陽菜")


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    return [row for each in clubs for row in _on(each, sizes)]


def _on(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    where = f"{sizes.crowd:,} members, {clubs.name}"
    with clubs.copied(sizes.crowd) as url, line_server(0) as line:
        store = Store(url)
        hire(store, "hana", "staff")
        starts = 1 + sizes.rounds
        left = iter(cards(store, sizes.calls + starts * (1 + sizes.later)))
        store.close()
        environment = wsgi.environment(url, line)
        with serving("answering", environment) as port, Browser(port) as browser:
            browser.signs_in("hana")
            scans = [scan(browser, next(left)) for _ in range(sizes.calls)]
            found = [search(browser, n) for n in range(sizes.calls)]
            one(port, line, 0)
            replies = [one(port, line, n) * 1000 for n in range(1, sizes.calls)]
            joins = [join(port, line, n) for n in range(sizes.calls)]
        yield Row(f"scan, {where}", "ms", median(scans), P99_MS_MAX, median(scans) / P99_MS_MAX)
        yield _at_most(f"scan, {where}, p99", share(scans, 0.99), P99_MS_MAX)
        yield _at_most(f"search, {where}, p95", share(found, 0.95), SEARCH_MS_MAX)
        yield _at_most(f"reply, {where}", median(replies), REPLY_MS_MAX)
        joined, replied = median(joins), median(replies)
        yield Row(f"join to the reply ÷ reply, {where}", "ms", joined, replied, joined / replied)
        first, later = zip(*(_after_start(browser, environment, left, sizes)
                             for _ in range(starts)), strict=True)  # fmt: skip
        # The first start of all compiles, and reads the database's file.
        ratios = [one / other for one, other in zip(first[1:], later[1:], strict=True)]
        yield Row(f"first scan after a start ÷ a later one, {where}", "ms", median(first[1:]),
                  median(later[1:]), median(ratios), Goal(ratio_max=FIRST_MAX))  # fmt: skip


def _at_most(path: str, ms: float, most: float) -> Row:
    return Row(path, "ms", ms, most, ms / most, Goal(ours_max=most))


def scan(browser: Browser, card: str) -> float:
    """A scan that is taken, in ms."""
    answer = browser.posts("/staff/api/scan", scan_of(card))
    if b'"tone":"bad"' in answer.body.replace(b" ", b""):
        raise RuntimeError(f"a scan was refused: {answer.body.decode()[:300]}")
    return answer.ms


def search(browser: Browser, number: int) -> float:
    """A search by one of the ways in which members are looked for, in ms."""
    return browser.posts("/staff/api/members", {"q": SEARCHED[number % len(SEARCHED)]}).ms


def join(port: int, line: str, number: int) -> float:
    """From the first words of somebody unknown to the reply that welcomes them, in ms."""
    return one(port, line, _STRANGERS + number) * 1000


#: From here on nobody of a club has such a number.
_STRANGERS = 900_000_000


def _after_start(
    browser: Browser, environment: dict[str, str], left: Iterator[str], sizes: Sizes
) -> tuple[float, float]:
    """The first scan of a new server, and the median of those right after it, in ms."""
    with serving("answering", environment) as port, browser.at(port) as anew:
        first = scan(anew, next(left))
        return first, median(scan(anew, next(left)) for _ in range(sizes.later))
