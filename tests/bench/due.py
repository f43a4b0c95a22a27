"""Who is due: the members away since a day, out of a crowd, with nobody else read.

A count in an index made for just this question hands over nothing. So the limit is what it takes
the driver alone to hand over as many ids.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from bot.store import Store
from bot.store.finding import candidates
from rules.journeys.candidates import AWAY_SINCE, Candidates
from rules.shop import Shop

from . import crowd
from .club import timeline_of
from .databases import Database
from .measure import Goal, Row, Sizes, compare, in_turn

#: The days asked about: so many out of crowd.DAYS.
_FIRST, _ASKED = date(2026, 6, 1), 4
_LAST = _FIRST + timedelta(days=_ASKED - 1)
_INDEX = text("""
    CREATE INDEX ix_bench_due ON members (away_since, id)
    WHERE membership = 'active' AND erased_at IS NULL AND merged_into IS NULL
""")
_ASKED_FOR = f"""
    FROM members WHERE away_since BETWEEN '{_FIRST}' AND '{_LAST}'
        AND membership = 'active' AND erased_at IS NULL AND merged_into IS NULL
"""
_COUNT, _IDS = text(f"SELECT count(*) {_ASKED_FOR}"), f"SELECT id {_ASKED_FOR}"


def measure(databases: list[Database], sizes: Sizes) -> list[Row]:
    return [row for database in databases for row in _on(database, sizes)]


def _on(database: Database, sizes: Sizes) -> list[Row]:
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
                "ids": lambda: _ms(lambda: _handed_over(limit)),
            },
        )
        if not _found(ours, shop) == _counted(limit) == _handed_over(limit):
            raise RuntimeError("not the same members were found")
    finally:
        ours.close()
        limit.close()
    path = f"who is due, of {sizes.crowd:,} members, {database.name}"
    return [
        compare(path, "ms", samples["ours"], samples["limit"]),
        compare(f"{path}: by ids", "ms", samples["ours"], samples["ids"], Goal(ratio_max=1.5)),
    ]


def _ms(step: Callable[[], int], times: int = 10) -> float:
    step()
    began = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - began) / times * 1000


def _found(store: Store, shop: Shop) -> int:
    asked = Candidates(("active",), AWAY_SINCE.span(_FIRST, _LAST))
    return sum(len(page) for page in candidates.pages(store, asked, shop))


def _counted(store: Store) -> int:
    with store.read() as uow:
        return int(uow.run(_COUNT).scalar_one())


def _handed_over(store: Store) -> int:
    with store.read() as uow:
        driver: Any = uow.connection.connection.driver_connection
        return len(driver.execute(_IDS).fetchall())
