"""Who is due: the members away since a day, out of a crowd, with nobody else read.

The limit counts them in an index made for just this question.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import text

from bot.store import Store, candidates
from rules.journeys.candidates import Candidates, Span
from rules.shop import Shop

from . import crowd
from .club import timeline_of
from .databases import Database
from .measure import Goal, Row, Sizes, compare, in_turn

#: The days asked about: so many out of crowd.DAYS.
_FIRST, _ASKED = date(2026, 6, 1), 4
_LAST = _FIRST + timedelta(days=_ASKED - 1)
_INDEX = text("""
    CREATE INDEX ix_bench_due ON members (away_since)
    WHERE membership = 'active' AND erased_at IS NULL AND merged_into IS NULL
""")
_COUNT = text("""
    SELECT count(*) FROM members WHERE away_since BETWEEN :first AND :last
        AND membership = 'active' AND erased_at IS NULL AND merged_into IS NULL
""")


def measure(databases: list[Database], sizes: Sizes) -> list[Row]:
    return [_on(database, sizes) for database in databases]


def _on(database: Database, sizes: Sizes) -> Row:
    ours, limit = Store(database.copy()), Store(database.copy())
    try:
        for store in (ours, limit):
            crowd.make(store, sizes.crowd)
        with limit.begin() as uow:
            uow.run(_INDEX)
            uow.run(text("ANALYZE"))
        shop = timeline_of(ours).latest.programme.shop
        samples = in_turn(
            sizes.rounds,
            {
                "ours": lambda: _ms(lambda: _found(ours, shop)),
                "limit": lambda: _ms(lambda: _counted(limit)),
            },
        )
        if _found(ours, shop) != _counted(limit):
            raise RuntimeError("not the same members were found")
    finally:
        ours.close()
        limit.close()
    path = f"who is due, of {sizes.crowd:,} members, {database.name}"
    return compare(path, "ms", samples["ours"], samples["limit"], Goal(ratio_max=1.5))


def _ms(step: Callable[[], int], times: int = 10) -> float:
    step()
    began = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - began) / times * 1000


def _found(store: Store, shop: Shop) -> int:
    asked = Candidates(states=("active",), away_since=Span(_FIRST, _LAST))
    return sum(len(page) for page in candidates.pages(store, asked, shop))


def _counted(store: Store) -> int:
    with store.read() as uow:
        values = {"first": _FIRST.isoformat(), "last": _LAST.isoformat()}
        return int(uow.run(_COUNT, values).scalar_one())
