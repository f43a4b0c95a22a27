"""Every prepared statement, as either database would carry it out in a large club: by an index."""

import gc
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from psycopg import sql as psql
from sqlalchemy import Column, bindparam, select
from sqlalchemy.engine import Dialect

import bot.store
from bot.store import Store, UnitOfWork
from bot.store.engine.statements import CompiledStatement, PreparedStatement
from bot.store.tables import activities, members, webhook_events
from bot.store.tables.base import metadata
from tests.growing import growing_tables

#: What may read all of an index of a table that grows, with the reason. A partial index of what
#: still waits is as long as what waits.
WHOLE: Mapping[str, str] = {
    "ix_webhook_events_open": "events that nobody has dealt with yet, the oldest first",
    "ix_hook_deliveries_due": "events that other systems still have to be told of",
}
#: A plan's step on SQLite: what it reads from one end to the other, and by which index.
_SCAN = re.compile(r"SCAN (?P<table>\w+)(?: USING (?:COVERING )?INDEX (?P<index>\w+))?$")
_READS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
ROWS = 1000
#: A value of a row's number, by how PostgreSQL calls what a column holds.
_VALUES = {
    "VARCHAR(1)": "'x'",
    "VARCHAR(2)": "'ja'",
    "VARCHAR": "n::text",
    "TEXT": "n::text",
    "DATE": "date '2026-01-01' + n",
    "TIMESTAMP": "timestamptz '2026-01-01 00:00Z' + n * interval '1 hour'",
    "BOOLEAN": "n % 4 = 0",
    "BYTEA": "''",
    "": "n",
}
_VALUE = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def prepared() -> list[PreparedStatement]:
    """All that the rooms of the store prepare: none is made but where its module is."""
    for module in pkgutil.walk_packages(bot.store.__path__, "bot.store."):
        importlib.import_module(module.name)
    return [each for each in gc.get_objects() if isinstance(each, PreparedStatement)]


def fill(uow: UnitOfWork) -> None:
    """A thousand rows in every table that grows, half of which lack what a row may lack: how large
    a table is decides how PostgreSQL reads it. SQLite goes by its indexes alone."""
    if uow.is_sqlite:
        return
    driver = uow.connection.connection.driver_connection
    assert driver is not None
    # Neither asks which member a row is of, nor refuses what the log has no place for.
    driver.execute("SET LOCAL session_replication_role = replica")
    for name in sorted(growing_tables()):
        columns = metadata.tables[name].columns
        values = ", ".join(_value(column, uow.connection.dialect) for column in columns)
        into = ", ".join(f'"{column.name}"' for column in columns)
        driver.execute(
            f"INSERT INTO {name} ({into}) SELECT {values} FROM generate_series(1, {ROWS}) n"
        )
        driver.execute(f"ANALYZE {name}")


def _value(column: Column[Any], dialect: Dialect) -> str:
    if column is activities.c.what:
        return "'Visit {}'"
    kind = column.type.compile(dialect)
    value = next(value for begins, value in _VALUES.items() if kind.startswith(begins))
    return f"CASE WHEN n % 2 = 0 THEN {value} END" if column.nullable else value


def whole_reads(uow: UnitOfWork, statement: CompiledStatement) -> set[tuple[str, str]]:
    """Tables that the database would read from one end to the other for it, each with the index
    by which it would, or ""."""
    explain = _on_sqlite if uow.is_sqlite else _on_postgresql
    return set(explain(uow.connection.connection.driver_connection, statement))


def _on_sqlite(driver: Any, statement: CompiledStatement) -> Iterator[tuple[str, str]]:
    # The values that it brings along decide whether a partial index will do.
    values = [statement.fixed.get(name) for name, _ in statement.names]
    named = dict(re.findall(r"(\w+) AS (\w+)", statement.sql))
    aliases = {alias: table for table, alias in named.items() if table in metadata.tables}
    for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {statement.sql}", values):
        if found := _SCAN.search(step):
            table, index = found.groups("")
            yield aliases.get(table, table), index


def _on_postgresql(driver: Any, statement: CompiledStatement) -> Iterator[tuple[str, str]]:
    numbers: dict[str, int] = {}

    def said(value: re.Match[str]) -> str:
        name = value[1]
        if name in statement.fixed:
            return psql.Literal(statement.fixed[name]).as_string(driver)
        return f"${numbers.setdefault(name, len(numbers) + 1)}"

    asked = _VALUE.sub(said, statement.sql).replace("%%", "%")
    # Small tables are read whole by choice: here only those that can't be read otherwise.
    for way in ("seqscan", "mergejoin", "hashjoin"):
        driver.execute(f"SET LOCAL enable_{way} = off")
    [[plan]] = driver.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {asked}")
    steps = [(plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]]
    for step in steps:
        steps += step.get("Plans", ())
        if step["Node Type"] in _READS and "Index Cond" not in step:
            index = step.get("Index Name", "")
            yield step.get("Relation Name") or _table_of(index), index


def _table_of(index: str) -> str:
    tables = metadata.tables.values()
    return next((t.name for t in tables for each in t.indexes if each.name == index), index)


def test_no_prepared_statement_reads_a_table_that_grows_from_one_end_to_the_other(
    store: Store,
) -> None:
    statements, growing, found = prepared(), growing_tables(), set()
    assert len(statements) > 70
    with store.begin() as uow:
        fill(uow)
        for each in statements:
            statement = each.on(uow.connection.dialect)
            found |= {
                (table, index, statement.sql)
                for table, index in whole_reads(uow, statement)
                if table in growing and index not in WHOLE
            }
    assert not found


def test_a_statement_without_an_index_is_found(store: Store) -> None:
    slow = PreparedStatement(select(members.c.id).where(members.c.language == bindparam("lang")))
    also = PreparedStatement(select(webhook_events.c.event_id).where(
        webhook_events.c.error == bindparam("why")))  # fmt: skip
    with store.begin() as uow:
        fill(uow)
        found = [whole_reads(uow, each.on(uow.connection.dialect)) for each in (slow, also)]
    assert [{table for table, _ in each} for each in found] == [{"members"}, {"webhook_events"}]
