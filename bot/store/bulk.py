"""Many rows at once: inserted by one statement for thousands, where their key is new."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Dialect

from .db import UnitOfWork

#: Of one statement. More gain nothing, and take memory.
_CHUNK = 10_000

_Convert = Callable[[Any], Any]


def insert_new(
    uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    """Inserts rows of values for `columns`; gives how many were new."""
    insert = _on_sqlite if uow.is_sqlite else _on_postgresql
    return sum(insert(uow, table, columns, chunk) for chunk in _chunks(rows))


def _chunks(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _on_sqlite(
    uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    ready = [
        _column(values, _to_driver(table, name, uow.connection.dialect))
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    return uow.driver_many(sql, list(zip(*ready, strict=True)))


def _on_postgresql(
    uow: UnitOfWork, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    """A column that says the same in all rows is sent once, any other as an array."""
    dialect = uow.connection.dialect
    chosen, arrays, aliases, values = [], [], [], {}
    for name, column in zip(columns, zip(*rows, strict=True), strict=True):
        kind = table.c[name].type.compile(dialect)
        if column.count(column[0]) == len(column):
            chosen.append(f"%({name})s::{kind}")
            values[name] = column[0]
        else:
            chosen.append(f"given.{name}")
            arrays.append(f"%({name})s::{kind}[]")
            aliases.append(name)
            values[name] = list(column)
    given = f" FROM unnest({', '.join(arrays)}) AS given ({', '.join(aliases)})" if arrays else ""
    sql = (
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(chosen)}{given} "
        "ON CONFLICT DO NOTHING"
    )
    return uow.driver_one(sql, values)


def _column(values: tuple[Any, ...], turn: _Convert | None) -> Sequence[Any]:
    """The values as the driver takes them; each different one is turned once."""
    if turn is None:
        return values
    turned = {value: turn(value) for value in set(values)}
    return [turned[value] for value in values]


def _to_driver(table: Table, name: str, dialect: Dialect) -> _Convert | None:
    turn: _Convert | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return turn
