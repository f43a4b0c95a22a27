"""The owner's console, in a club of many: how long the server takes for each of its pages.

The limit is our goal, 300 ms: who looks for something should not wait for it.
"""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from bot.settings import load_settings

from .kept import LargeClubs
from .measure import Goal, Row, Sizes
from .wsgi import SECRET_KEY

if TYPE_CHECKING:
    from tests.handlers.pages.staff.conftest import Browser, Desks

MS_MAX = 300.0
#: So often in a round each page is called.
CALLS = 7
#: Files, what stands below an address of its own, and what is only there before a club is.
_NO_PAGES = re.compile(r"<|/static/|/setup|\\.(?:csv|pdf|jpg)$")
#: What has many members to find, list or count. Every other page is told of by the slowest.
NAMED = (
    "/owner/",
    "/owner/members",
    "/owner/members?sort=visits",
    "/owner/members?stores=kawabe&stages=buying&reach=line",
    "/owner/members/count?stores=kawabe&stages=after",
    "/owner/figures",
    "/owner/figures?period=year&store=ekimae&rank=silver",
    "/owner/figures/people/visits",
    "/owner/sources",
    "/owner/costs",
    "/owner/results",
    "/owner/segments",
)


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    return [row for each in clubs for row in _on(each, sizes)]


def _on(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    # A server and a browser as the tests have them: they need Flask, which other benchmarks don't.
    from app import create_app
    from tests.handlers.pages.staff.conftest import Desks, WallClock

    where = f"{sizes.crowd:,} members, {clubs.name}"
    with clubs.copied(sizes.crowd) as url:
        app = create_app(load_settings({"SECRET_KEY": SECRET_KEY, "DATABASE_URL": url}))
        club = app.extensions["kayoi"].club
        try:
            desks = Desks(club, app, WallClock())
            owner = desks.signed_in("bench", "owner", None)
            for path in NAMED:
                yield _row(f"console, {path}, {where}", _p95(owner, path, sizes))
            others = {path: _p95(owner, path, sizes) for path in _others(desks)}
            slowest = max(others, key=others.__getitem__)
            path = f"console, {len(others)} others at most ({slowest}), {where}"
            yield _row(path, others[slowest])
        finally:
            club.store.close()


def _others(desks: "Desks") -> list[str]:
    named = {path.partition("?")[0] for path in NAMED}
    rules = desks.app.url_map.iter_rules()
    return sorted(
        rule.rule
        for rule in rules
        if rule.rule.startswith("/owner/")
        and "GET" in (rule.methods or ())
        and rule.rule not in named
        and not _NO_PAGES.search(rule.rule)
    )


def _p95(owner: "Browser", path: str, sizes: Sizes) -> float:
    """What all but the slowest twentieth of the calls take at most, in ms, after a first one."""
    taken = sorted(chain.from_iterable(_calls(owner, path) for _ in range(sizes.rounds)))
    return taken[int(len(taken) * 0.95)]


def _calls(owner: "Browser", path: str) -> Iterator[float]:
    _call(owner, path)
    yield from (_call(owner, path) for _ in range(CALLS))


def _call(owner: "Browser", path: str) -> float:
    began = time.perf_counter()
    answer = owner.client.get(path)
    # Nothing is found where the club has none of what a page is of.
    if answer.status_code >= 400 and answer.status_code != 404:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return (time.perf_counter() - began) * 1000


def _row(path: str, ms: float) -> Row:
    return Row(path, "ms", ms, MS_MAX, ms / MS_MAX, Goal(ours_max=MS_MAX))
