"""The facts for a reply: a member's row and open lots, and the card made of them.

The limit sends the same two SELECTs and takes the rows as they are.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import cycle

from bot.store import Store
from bot.store.finding.due_members import everyone
from bot.store.history import ledger
from bot.store.members import members
from bot.store.members.members import Member
from rules.judging.decide import advance
from rules.programme.points import Lot
from rules.wording.card import CardHolder, CardView, card_view

from . import pgbench
from .club import DAY, OPENED, timeline_of
from .databases import Database, Postgresql, Sqlite
from .measure import Goal, Row, Sizes, compare, in_turn, per_second

_MEMBER = (
    "SELECT id, number, language, line_user_id, joined_at, referred_by, facts, history_seq, "
    "entry_no, topics_left, erased_at FROM members WHERE id = {member}"
)
_LOTS = 'SELECT * FROM lots WHERE member_id = {member} AND "left" > 0 ORDER BY no'


def measure(databases: Sequence[Database], sizes: Sizes) -> list[Row]:
    return [row for each in databases for row in _on(each, sizes)]


def _on(database: Database, sizes: Sizes) -> list[Row]:
    if isinstance(database, Sqlite):
        return on_sqlite(database, sizes)
    return on_postgresql(database, sizes)


def on_sqlite(database: Sqlite, sizes: Sizes) -> list[Row]:
    """Against raw sqlite3, one client each."""
    url = database.copy()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        some = cycle([row[0] for row in connection.execute("SELECT id FROM members")])
        member, lots = _MEMBER.format(member="?"), _LOTS.format(member="?")

        def step() -> None:
            which = (next(some),)
            connection.execute(member, which).fetchone()
            connection.execute(lots, which).fetchall()

        return _rows(database, url, sizes, lambda: per_second(step, sizes), Goal(ratio_min=0.5))


def on_postgresql(database: Postgresql, sizes: Sizes) -> list[Row]:
    """Against pgbench, one client each."""
    url = database.copy()
    selects = f"{_MEMBER};\n{_LOTS};\n".format(member=":member")
    script = f"\\set member random(1, :members)\n{selects}"
    given = {"members": str(sizes.members)}

    def limit() -> float:
        return pgbench.per_second(url, script, given, clients=1, seconds=sizes.seconds)

    return _rows(database, url, sizes, limit, Goal(ratio_min=0.5))


def _rows(
    database: Database, url: str, sizes: Sizes, limit: Callable[[], float], goal: Goal
) -> list[Row]:
    store = Store(url)
    try:
        facts, card = _facts(store), _cards(store, sizes)
        runs = {
            "facts": lambda: per_second(lambda: next(facts), sizes),
            "limit": limit,
            "card": lambda: per_second(lambda: next(card), sizes),
        }
        samples = in_turn(sizes.rounds, runs)
    finally:
        store.close()
    named = {"facts": "facts for a reply, read", "card": "facts for a reply, to the card"}
    return [
        compare(f"{text}, {database.name}", "/s", samples[name], samples["limit"], goal)
        for name, text in named.items()
    ]


def _facts(store: Store) -> Iterator[tuple[Member, tuple[Lot, ...]]]:
    """Member after member with their open lots, each in a reading of its own."""
    for member_id in cycle(list(everyone(store))):
        with store.read() as uow:
            member = members.get(uow, member_id)
            if member is None:
                raise LookupError("no such member")
            lots = ledger.open_lots(uow, member_id)
        yield member, lots


def _cards(store: Store, sizes: Sizes) -> Iterator[CardView]:
    """The same up to the card, on the day after the last visit."""
    timeline = timeline_of(store)
    programme = timeline.latest.programme
    day = programme.shop.business_date(OPENED + (sizes.visits + 1) * DAY)
    for member, lots in _facts(store):
        facts, _ = advance(timeline, member.facts, day)
        person = CardHolder(member.number, "さくらさん")
        yield card_view(programme, facts, person, lots, day=day, lang=member.language)
