"""Many rows at once: thousands inserted or changed by one statement.

What is the same in all rows is sent once. The rest goes to PostgreSQL as a list for each column,
and to SQLite as a table of values.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, Table
from sqlalchemy.engine import Dialect

from .db import UnitOfWork

#: Of one statement. More gain nothing, and take memory; SQLite counts each value.
_ROWS_MAX, _VALUES_MAX_ON_SQLITE = 10_000, 5_000

Rows = Sequence[Sequence[Any]]
_Convert = Callable[[Any], Any]


def insert_new(uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Rows) -> int:
    """Inserts rows of values for `columns`, where their key is new; gives how many were."""
    insert = _insert_on_sqlite if uow.is_sqlite else _insert_on_postgresql
    size = _VALUES_MAX_ON_SQLITE // len(columns) if uow.is_sqlite else _ROWS_MAX
    return sum(insert(uow, table, columns, chunk) for chunk in _chunks(rows, size))


def _insert_on_sqlite(uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Rows) -> int:
    same, differ = _told_apart(columns, rows)
    turn = {name: _to_driver(table, name, uow.connection.dialect) for name in columns}
    constants = {name: turn[name](value) for name, value in same.items()}
    names = list(differ) or [columns[0]]
    values = [_column(differ.get(name, [same.get(name)]), turn[name]) for name in names]
    chosen = ", ".join(f"given.{name}" if name in names else "?" for name in columns)
    marks = ", ".join([f"({', '.join('?' * len(names))})"] * len(values[0]))
    sql = (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"WITH given ({', '.join(names)}) AS (VALUES {marks}) "
        f"SELECT {chosen} FROM given WHERE true ON CONFLICT DO NOTHING"
    )
    given = [value for row in zip(*values, strict=True) for value in row]
    return uow.driver_one(sql, [*given, *(constants[n] for n in columns if n not in names)])


def _insert_on_postgresql(uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Rows) -> int:
    given = _RowSource.of(uow, table, columns, rows)
    sql = (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(given.said.values())}{given.clause} ON CONFLICT DO NOTHING"
    )
    return uow.driver_one(sql, given.values)


def update_each(
    uow: UnitOfWork,
    table: Table,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Rows,
    *,
    only: str = "true",
) -> int:
    """Gives the row with each key its own values; gives how many there were.

    A row has the values of `keys`, then those of `columns`. `only` is a condition on the table, of
    our own words.
    """
    if uow.is_sqlite:
        return _update_on_sqlite(uow, table, keys, columns, rows, only)
    count = 0
    for chunk in _chunks(rows, _ROWS_MAX):
        given = _RowSource.of(uow, table, [*keys, *columns], chunk, keys=keys)
        sets = ", ".join(f"{name} = {given.said[name]}" for name in columns)
        meant = " AND ".join(f"{table.name}.{name} = {given.said[name]}" for name in keys)
        sql = f"UPDATE {table.name} SET {sets}{given.clause} WHERE {meant} AND {only}"
        count += uow.driver_one(sql, given.values)
    return count


def _update_on_sqlite(
    uow: UnitOfWork,
    table: Table,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Rows,
    only: str,
) -> int:
    sets = ", ".join(f"{name} = ?" for name in columns)
    meant = " AND ".join(f"{name} = ?" for name in keys)
    sql = f"UPDATE {table.name} SET {sets} WHERE {meant} AND {only}"
    ready = [
        _column(values, _to_driver(table, name, uow.connection.dialect))
        for name, values in zip([*keys, *columns], zip(*rows, strict=True), strict=True)
    ]
    ready = [*ready[len(keys) :], *ready[: len(keys)]]
    return uow.driver_many(sql, list(zip(*ready, strict=True)))


def _chunks(rows: Rows, size: int) -> Iterator[Rows]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _told_apart(
    columns: Sequence[str], rows: Rows, *, keys: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, Sequence[Any]]]:
    """The columns that say the same in all rows, with that; and those that don't, with all. `keys`
    are always among the latter."""
    same: dict[str, Any] = {}
    differ: dict[str, Sequence[Any]] = {}
    for name, column in zip(columns, zip(*rows, strict=True), strict=True):
        if name not in keys and column.count(column[0]) == len(column):
            same[name] = column[0]
        else:
            differ[name] = column
    return same, differ


@dataclass(frozen=True, slots=True)
class _RowSource:
    """Rows on their way to PostgreSQL."""

    #: How a statement speaks of each column.
    said: dict[str, str]
    #: The statement's FROM.
    clause: str
    values: dict[str, Any]

    @classmethod
    def of(
        cls,
        uow: UnitOfWork,
        table: Table,
        columns: Sequence[str],
        rows: Rows,
        *,
        keys: Sequence[str] = (),
    ) -> "_RowSource":
        # A key that is a constant would make PostgreSQL look through all rows that have it, once
        # for each that is given, as soon as its statistics are not those of today.
        same, differ = _told_apart(columns, rows, keys=keys)
        values, lists = dict(same), []
        for name, column in differ.items():
            kind = table.c[name].type
            if isinstance(kind, String):
                # Taken apart by the database: psycopg looks at each letter of a list of texts.
                values[name] = json.dumps(column, ensure_ascii=False)
                lists.append(f"json_array_elements_text(%({name})s::json)")
            else:
                values[name] = list(column)
                lists.append(f"unnest(%({name})s::{kind.compile(uow.connection.dialect)}[])")
        said = {
            name: f"given.{name}"
            if name in differ
            else f"%({name})s::{table.c[name].type.compile(uow.connection.dialect)}"
            for name in columns
        }
        clause = f" FROM ROWS FROM ({', '.join(lists)}) AS given ({', '.join(differ)})"
        return cls(said, clause if differ else "", values)


def _column(values: Sequence[Any], turn: _Convert) -> Sequence[Any]:
    """The values as the driver takes them; each different one is turned once."""
    if turn is _as_it_is:
        return values
    turned = {value: turn(value) for value in set(values)}
    return [turned[value] for value in values]


def _to_driver(table: Table, name: str, dialect: Dialect) -> _Convert:
    turn: _Convert | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return turn or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
