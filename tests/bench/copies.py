"""A large club: the lives of a few, copied by the database itself with all that hangs on them.

What stands of a copy is what stands of its model, so that the history gives the facts, and every
sum is so many times the models'. A copy has a card, a LINE account and names of its own.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, text

from bot.store import Store, UnitOfWork
from bot.store.tables import metadata

from .people import person

#: So many members come in one transaction.
_AT_ONCE = 20_000
#: What each copy has for themselves: made from who they are, not copied as it is.
_OWN = {"profiles", "search_terms"}
#: Sums over all members, and what of them is one.
_SUMS = {
    "figures": ("value",),
    "source_figures": ("value",),
    "cost_figures": ("value",),
    "reward_uses": ("used", "yen"),
}
_PEOPLE = ("member_id", "number", "line_id", "display_name", "name", "kana", "phone")


@dataclass(frozen=True, slots=True)
class Copies:
    """`models` members that are there already, each to be there `times` over."""

    models: int
    times: int

    @property
    def members(self) -> int:
        return self.models * self.times


def make(store: Store, copies: Copies) -> None:
    """Makes them, and what a database of that size would have besides."""
    with _without_indexes(store):
        each = max(_AT_ONCE // copies.models, 1)
        for first in range(1, copies.times, each):
            _some(store, copies, range(first, min(first + each, copies.times)))
            _tell(f"{min(first + each, copies.times) * copies.models:,} members")
        with store.begin() as uow:
            for table, columns in _SUMS.items():
                changes = ", ".join(f"{column} = {column} * :times" for column in columns)
                uow.run(text(f"UPDATE {table} SET {changes}"), {"times": copies.times})
    if not store.is_sqlite:
        with store.begin() as uow:
            uow.run(
                text("SELECT setval(pg_get_serial_sequence('members', 'id'), :last)"),
                {"last": copies.members},
            )
            uow.run(text("ANALYZE"))


def _some(store: Store, copies: Copies, which: range) -> None:
    """The copies of those numbers, of every model."""
    given = {"models": copies.models, "first": which[0], "last": which[-1]}
    people = range(which[0] * copies.models + 1, (which[-1] + 1) * copies.models + 1)
    with store.begin() as uow:
        if not uow.is_sqlite:
            # Who copies knows that all members are there, and starts anew after a crash.
            uow.run(text("SET LOCAL session_replication_role = replica"))
            uow.run(text("SET LOCAL synchronous_commit = off"))
        uow.run(text(f"CREATE TEMP TABLE bench_people ({_PEOPLE[0]} bigint PRIMARY KEY, "
                     f"{', '.join(f'{name} text' for name in _PEOPLE[1:])})"))  # fmt: skip
        rows = ((p.number, p.card, p.line_id, p.display_name, p.name, p.kana, p.phone)
                for p in map(person, people))  # fmt: skip
        _pour(uow, "bench_people", _PEOPLE, rows)
        for statement in _of_people():
            uow.run(text(statement), {"models": copies.models})
        terms = ((p.number, term) for p in map(person, people) for term in sorted(p.terms))
        _pour(uow, "search_terms", ("member_id", "term"), terms)
        for table in _of_members():
            uow.run(text(_copied(table, uow)), given)
        uow.run(text("DROP TABLE bench_people"))


def _of_people() -> Iterator[str]:
    """What is made with the names that a copy has of their own."""
    model = "(bench_people.member_id - 1) % :models + 1"
    yield _filled(
        "members",
        {"id": "bench_people.member_id", "number": "bench_people.number",
         "line_user_id": "bench_people.line_id", "figures_due": "false",
         "menu": "language || ':' || coalesce(rank, '')"},
        f"JOIN bench_people ON members.id = {model}",
    )  # fmt: skip
    yield _filled(
        "line_accounts",
        {"user_id": "bench_people.line_id", "member_id": "bench_people.member_id",
         "display_name": "bench_people.display_name"},
        f"JOIN bench_people ON line_accounts.member_id = {model}",
    )  # fmt: skip
    yield """INSERT INTO codes (kind, code, member_id)
        SELECT 'number', number, member_id FROM bench_people"""
    own = {name: f"bench_people.{name}" for name in ("member_id", "name", "kana", "phone")}
    yield _filled(
        "profiles", own, "JOIN bench_people ON bench_people.name <> ''"
        " AND profiles.member_id = (SELECT min(member_id) FROM profiles)",
    )  # fmt: skip


def _filled(table: str, own: dict[str, str], joined: str) -> str:
    """Copies with `own` values in some columns."""
    columns = [column.name for column in metadata.tables[table].columns]
    values = (own.get(name, f'{table}."{name}"') for name in columns)
    return (
        f"INSERT INTO {table} ({_listed(columns)}) SELECT {', '.join(values)} FROM {table} {joined}"
    )


def _of_members() -> Iterable[Table]:
    """The tables whose rows are a member's own."""
    return (
        table
        for table in metadata.sorted_tables
        if "member_id" in table.primary_key.columns and table.name not in _OWN
    )


_UP = {
    True: """(WITH RECURSIVE up (copy) AS
            (SELECT :first UNION ALL SELECT copy + 1 FROM up WHERE copy < :last)
        SELECT copy FROM up)""",
    False: "(SELECT generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy)",
}


def _copied(table: Table, uow: UnitOfWork) -> str:
    """Copies a table's rows, those of each copy after those of the one before."""
    name, columns = table.name, [column.name for column in table.columns]
    own = {"member_id": f"{name}.member_id + up.copy * :models"}
    if name == "activities":
        own["key"] = f"{name}.key || ':' || up.copy"
    values = (own.get(column, f'{name}."{column}"') for column in columns)
    numbers = _UP[uow.is_sqlite]
    return (
        f"INSERT INTO {name} ({_listed(columns)}) SELECT {', '.join(values)} FROM {numbers} AS up "
        f"CROSS JOIN {name} WHERE {name}.member_id <= :models"
    )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _pour(
    uow: UnitOfWork, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Inserts many rows as fast as the driver can."""
    listed = ", ".join(columns)
    if uow.is_sqlite:
        marks = ", ".join("?" for _ in columns)
        uow.driver_many(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(rows))
        return
    driver: Any = uow.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_INDEXES = {
    True: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    False: """SELECT indexname, indexdef FROM pg_indexes
        LEFT JOIN pg_constraint ON conname = indexname
        WHERE schemaname = 'public' AND conname IS NULL""",
}


@contextmanager
def _without_indexes(store: Store) -> Iterator[None]:
    """Lets the indexes be made once, of all rows."""
    with store.begin() as uow:
        found = [tuple(row) for row in uow.run(text(_INDEXES[uow.is_sqlite]))]
        for name, _ in found:
            uow.run(text(f'DROP INDEX "{name}"'))
    yield
    _tell("indexes")
    for _, definition in found:
        with store.begin() as uow:
            uow.run(text(definition.replace(":", r"\:")))


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
