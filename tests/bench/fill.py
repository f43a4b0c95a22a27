"""Filling the outbox: a message for each of many members, and for none of them twice.

The limit is a bare INSERT…SELECT of the same rows, which asks nobody and would stop at a double.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from bot.store import Store
from bot.store.finding.due_members import everyone
from bot.store.messages import outbox
from bot.store.messages.outbox import PlannedMessage

from . import crowd
from .club import DAY, OPENED
from .databases import Database, vacuum
from .measure import Goal, Row, Sizes, compare, in_turn

_NOW = OPENED + 30 * DAY
_SAY = '{"kind":"journey","id":"lapsed","step":1}'
_BARE = text("""
    INSERT INTO outbox (member_id, journey, period, say, topic, queued_at, not_before, useful_until,
        priority, channel, arm, step, status)
    SELECT id, 'lapsed', '2026-02', :say, 'ranks', :now, :now, :useful, 3, 'line', 'a', 1, 'queued'
    FROM members
""")


def measure(databases: list[Database], sizes: Sizes) -> list[Row]:
    return [_on(database, sizes) for database in databases]


def _on(database: Database, sizes: Sizes) -> Row:
    store = Store(database.copy())
    try:
        crowd.make(store, sizes.crowd)
        members = list(everyone(store))
        samples = in_turn(
            sizes.rounds,
            {
                "ours": lambda: _seconds(store, lambda: _ours(store, members)),
                "limit": lambda: _seconds(store, lambda: _bare(store)),
            },
        )
    finally:
        store.close()
    path = f"outbox filled, {len(members):,} messages, {database.name}"
    return compare(path, "s", samples["ours"], samples["limit"], Goal(ratio_max=1.5))


def _seconds(store: Store, fill: Callable[[], None]) -> float:
    """How long it takes from an outbox that is empty."""
    with store.begin() as uow:
        uow.run(text("DELETE FROM outbox"))
    vacuum(store)
    began = time.perf_counter()
    fill()
    return time.perf_counter() - began


def _bare(store: Store) -> None:
    useful = _NOW + timedelta(days=3)
    with store.begin() as uow:
        uow.run(_BARE, {"say": _SAY, "now": str(_NOW), "useful": str(useful)})


def _ours(store: Store, members: list[int]) -> None:
    """As a journey's runner does it: with its own arm for each, and half of a second try."""
    useful = _NOW + timedelta(days=3)
    arms = ("a", "b")
    with store.begin() as uow:
        planned = [
            PlannedMessage(
                member, "lapsed", "2026-02", _SAY, "ranks", _NOW, _NOW, useful, 3, "line",
                arms[member % 2], 1,
            )
            for member in members
        ]  # fmt: skip
        if outbox.queue_many(uow, planned) != len(members):
            raise RuntimeError("not all was queued")
