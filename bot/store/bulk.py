"""Many rows at once: thousands inserted or changed by one statement."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Dialect

from .db import UnitOfWork

#: Of one statement. More gain nothing, and take memory.
_CHUNK = 10_000

Rows = Sequence[Sequence[Any]]
_Convert = Callable[[Any], Any]


def insert_new(uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Rows) -> int:
    """Inserts rows of values for `columns`, where their key is new; gives how many were."""
    names = ", ".join(columns)
    if uow.is_sqlite:
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"
        return _on_sqlite(uow, sql, table, columns, rows)
    count = 0
    for chunk in _chunks(rows):
        given = _Given.of(uow, table, columns, chunk)
        chosen = ", ".join(given.said.values())
        count += uow.driver_one(
            f"INSERT INTO {table.name} ({names}) SELECT {chosen}{given.clause} "
            "ON CONFLICT DO NOTHING",
            given.values,
        )
    return count


def update_each(
    uow: UnitOfWork,
    table: Table,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Rows,
    *,
    only: str,
) -> int:
    """Gives the row with each key its own values; gives how many there were.

    A row has the values of `keys`, then those of `columns`. `only` is a condition on the table, of
    our own words.
    """
    if uow.is_sqlite:
        sets = ", ".join(f"{name} = ?" for name in columns)
        meant = " AND ".join(f"{name} = ?" for name in keys)
        sql = f"UPDATE {table.name} SET {sets} WHERE {meant} AND {only}"
        turned = [(*row[len(keys) :], *row[: len(keys)]) for row in rows]
        return _on_sqlite(uow, sql, table, [*columns, *keys], turned)
    count = 0
    for chunk in _chunks(rows):
        given = _Given.of(uow, table, [*keys, *columns], chunk)
        sets = ", ".join(f"{name} = {given.said[name]}" for name in columns)
        meant = " AND ".join(f"{table.name}.{name} = {given.said[name]}" for name in keys)
        sql = f"UPDATE {table.name} SET {sets}{given.clause} WHERE {meant} AND {only}"
        count += uow.driver_one(sql, given.values)
    return count


def _chunks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _on_sqlite(uow: UnitOfWork, sql: str, table: Table, columns: Sequence[str], rows: Rows) -> int:
    count = 0
    for chunk in _chunks(rows):
        ready = [
            _column(values, _to_driver(table, name, uow.connection.dialect))
            for name, values in zip(columns, zip(*chunk, strict=True), strict=True)
        ]
        count += uow.driver_many(sql, list(zip(*ready, strict=True)))
    return count


@dataclass(frozen=True, slots=True)
class _Given:
    """Rows on their way to PostgreSQL: a column that says the same in all of them is sent once,
    any other as an array. `said` is how a statement speaks of each column, `clause` its FROM."""

    said: dict[str, str]
    clause: str
    values: dict[str, Any]

    @classmethod
    def of(cls, uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Rows) -> "_Given":
        said, arrays, values = {}, {}, {}
        for name, column in zip(columns, zip(*rows, strict=True), strict=True):
            kind = table.c[name].type.compile(uow.connection.dialect)
            if column.count(column[0]) == len(column):
                said[name], values[name] = f"%({name})s::{kind}", column[0]
            else:
                said[name], values[name] = f"given.{name}", list(column)
                arrays[name] = f"%({name})s::{kind}[]"
        clause = f" FROM unnest({', '.join(arrays.values())}) AS given ({', '.join(arrays)})"
        return cls(said, clause if arrays else "", values)


def _column(values: tuple[Any, ...], turn: _Convert | None) -> Sequence[Any]:
    """The values as the driver takes them; each different one is turned once."""
    if turn is None:
        return values
    turned = {value: turn(value) for value in set(values)}
    return [turned[value] for value in values]


def _to_driver(table: Table, name: str, dialect: Dialect) -> _Convert | None:
    turn: _Convert | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return turn
