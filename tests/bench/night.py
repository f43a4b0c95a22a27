"""A Monday's night, which judges everybody's week: what it takes a member, and which part of it how
much. All in one process, as the one scheduler of an installation does it, with nobody at a counter.

The limit writes the rows of those who are judged in one statement, and judges nobody.
"""

import math
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from bot.store import Store
from bot.store.finding import due_members, ticks
from bot.store.history.programs import NOTICE
from handlers.club import Club
from handlers.commands.serving import set_up_python
from handlers.jobs.journeys import queue
from handlers.jobs.night.drift import DriftDays
from handlers.jobs.night.engagement import EngagementCounting
from handlers.jobs.night.figures import FigureKeeping
from handlers.jobs.night.nightly import AFTER_OPENING, due_night
from handlers.jobs.night.returns import WeeklyFit

from . import lives
from .databases import vacuum
from .kept import LargeClubs
from .measure import Goal, Row, Sizes
from .still import Still

#: Of an ordinary member.
MICROSECONDS_MAX = {"SQLite": 300.0, "PostgreSQL": 500.0}
#: Of all of them, where they are a million.
SECONDS_MAX, MILLION = 600.0, 1_000_000


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    set_up_python()
    return [row for each in clubs for row in _on(each, sizes)]


def _on(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    with clubs.copied(sizes.crowd) as url:
        store = Store(url)
        try:
            limit = _written(store)
            vacuum(store)
            before = _memory()
            spent = dict(_night(store))
            grown = _memory() - before
            with store.read() as uow:
                members = due_members.count_members(uow)
        finally:
            store.close()
    of_night, whole = sum(spent[part] for part in spent if part in _BY_DAY), sum(spent.values())
    where = f"{sizes.crowd:,} members, {clubs.name}"
    ours, least = of_night / members * 1e6, limit / members * 1e6
    goal = Goal(ours_max=MICROSECONDS_MAX[clubs.name])
    yield Row(f"night, of a member, {where}", "µs", ours, least, ours / least, goal)
    most = Goal(ours_max=SECONDS_MAX) if members >= MILLION else None
    path = f"night of a Monday with all that comes weekly, {where}"
    yield Row(path, "s", whole, SECONDS_MAX, whole / SECONDS_MAX, most or Goal())
    yield Row(f"{path}: memory", "MB", grown, before, grown / before)
    for part, seconds in spent.items():
        yield Row(f"{path}: {part}", "s", seconds, whole, seconds / whole)


def _written(store: Store) -> float:
    """Seconds of one statement that writes anew the rows of those whose week is to be judged. It is
    undone."""
    asked = text("UPDATE members SET facts = facts, settle_on = :next WHERE settle_on <= :day")
    club = _monday(store)
    day = club.timeline().latest.programme.shop.business_date(club.now())
    following = day + timedelta(weeks=1)
    if store.is_sqlite:
        given: Mapping[str, object] = {"day": day.isoformat(), "next": following.isoformat()}
    else:
        given = {"day": day, "next": following}
    with store.engine.connect() as connection:
        began = time.perf_counter()
        written = connection.execute(asked, given).rowcount
        taken = time.perf_counter() - began
        connection.rollback()
    if not written:
        raise RuntimeError("nobody's week is to be judged")
    return taken


def _monday(store: Store) -> Club:
    """The club as its night begins."""
    club = lives.at_closing(store)
    shop = club.timeline().latest.programme.shop
    opens = shop.opens(shop.business_date(club.now()) + timedelta(days=1))
    return _at(club, AFTER_OPENING + (opens - club.now()))


def _at(club: Club, later: timedelta) -> Club:
    return replace(club, clock=Still(club.now() + later))


#: What a night does every day.
_BY_DAY = {"settle", "placing", "occasions", "rank_warning", "expiry", "unwarned", "search",
           "risks", "audit", "prune"}  # fmt: skip


def _night(store: Store) -> Iterator[tuple[str, float]]:
    """What the clock does, part by part as it comes, with its seconds."""
    club = _monday(store)
    with store.begin() as uow:
        # As it is in a club where a night has been.
        ticks.set_foreseen_by(uow, club.foresight().fingerprint)
    night = due_night(club)
    if night is None:
        raise RuntimeError("there is no night to do")
    for part, step in night.parts().items():
        yield part, _seconds(step)
    night.finish()
    yield "journeys", _seconds(lambda: queue.run_if_due(club))
    yield "fit", _seconds(WeeklyFit(club).run_if_due)
    yield "drift by the new fit", _seconds(DriftDays(_at(club, 2 * NOTICE)).follow)
    yield "figures", _seconds(lambda: FigureKeeping(club).follow(seconds_max=math.inf))
    yield "engagement", _seconds(EngagementCounting(club).run_if_due)


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _memory() -> float:
    """The most that this process has taken so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
