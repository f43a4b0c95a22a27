"""Statements of the hottest paths: compiled once, then run on the driver's own connection.

SQLAlchemy takes longer to run a statement than a database does to answer it, and a check-in has
ten of them. What is written with SQLAlchemy stays the only description of it: its types turn values
to and fro here as well.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Insert,
    Select,
    String,
    Table,
    UpdateBase,
    any_,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.sql.visitors import iterate

from ..tables.types import Numbers, Texts

_Convert = Callable[[Any], Any]
_Statement = UpdateBase | TypedReturnsRows[Any]


@dataclass(frozen=True, slots=True)
class CompiledStatement:
    """A statement in the words of one database."""

    sql: str
    #: What a change changes.
    table: str
    #: Whether it only adds to the table, whatever is there.
    adds: bool
    #: Its values in order, each with how it is turned into what the driver takes.
    names: tuple[tuple[str, _Convert | None], ...]
    #: The values that the statement itself brings along.
    fixed: Mapping[str, Any]
    positional: bool
    #: Makes a row of what the driver gives.
    row: Callable[[Sequence[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """`given` as the driver takes it."""
        if self.fixed:
            given = {**self.fixed, **given}
        if self.positional:
            return [turn(given[name]) if turn else given[name] for name, turn in self.names]
        return {name: turn(given[name]) if turn else given[name] for name, turn in self.names}


class PreparedStatement:
    """A statement whose changing values are named by `bindparam`. `on_sqlite` says it for SQLite,
    where that takes other words."""

    def __init__(self, statement: _Statement, *, on_sqlite: _Statement | None = None) -> None:
        self._statement = statement
        self._on_sqlite = statement if on_sqlite is None else on_sqlite
        self._compiled: dict[str, CompiledStatement] = {}
        _known.add(self)

    def on(self, dialect: Dialect) -> CompiledStatement:
        """The statement for that kind of database."""
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> CompiledStatement:
        statement = self._on_sqlite if dialect.name == "sqlite" else self._statement
        compiled = statement.compile(dialect=dialect)
        positional = bool(compiled.positional)
        names = (
            compiled.positiontup
            if positional
            else list(dict.fromkeys(compiled.bind_names.values()))
        )
        return CompiledStatement(
            str(compiled),
            str(statement.table) if isinstance(statement, UpdateBase) else "",
            isinstance(statement, Insert) and not _asks(statement),
            tuple((name, _to_driver(compiled.binds[name], dialect)) for name in names or ()),
            {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required},
            positional,
            self._row_maker(dialect),
        )

    def _row_maker(self, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
        columns = list(self._statement.exported_columns)
        # Of two columns with one name neither is known by it, only by its place.
        row = namedtuple("row", [c.key for c in columns], rename=True)  # type: ignore[misc]
        processors = (
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        )
        turns = [(place, turn) for place, turn in enumerate(processors) if turn]

        def make(values: Sequence[Any]) -> Any:
            given = list(values)
            for place, turn in turns:
                given[place] = turn(given[place])
            return row._make(given)

        return make


#: All that there are.
_known: WeakSet[PreparedStatement] = WeakSet()


def compile_known(dialect: Dialect) -> None:
    """Compiles every statement that there is by now, which is done else when it is first run."""
    for each in list(_known):
        each.on(dialect)


#: psycopg takes a statement apart anew each time if it has more values than this.
_VALUES_MAX = 50


def in_one_statement(
    changes: Iterable[tuple[CompiledStatement, Any]],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """PostgreSQL's way to make several changes in one statement (WITH …), in as few as can be.

    All parts of one statement see the table as it was before it, so that what is changed twice is
    changed in two.
    """
    part: list[tuple[CompiledStatement, Any]] = []
    for compiled, values in changes:
        if part and not _fits(part, compiled):
            yield _as_one(part)
            part = []
        part.append((compiled, values))
    if part:
        yield _as_one(part)


def in_runs(
    changes: Iterable[tuple[CompiledStatement, Any]],
) -> Iterator[tuple[CompiledStatement, list[Any]]]:
    """The same for each statement's rows together, to be run one after the other: what only adds
    may be put before what else does, and comes in the order of its first."""
    adding: dict[int, tuple[CompiledStatement, list[Any]]] = {}
    last: tuple[CompiledStatement, list[Any]] | None = None
    for compiled, values in changes:
        if compiled.adds:
            if last is not None:
                yield last
                last = None
            adding.setdefault(id(compiled), (compiled, []))[1].append(values)
            continue
        yield from adding.values()
        adding = {}
        if last is not None and last[0] is not compiled:
            yield last
            last = None
        last = last or (compiled, [])
        last[1].append(values)
    yield from adding.values()
    if last is not None:
        yield last


def _fits(part: list[tuple[CompiledStatement, Any]], more: CompiledStatement) -> bool:
    count = len(more.names) + sum(len(compiled.names) for compiled, _ in part)
    meets = any(c.table == more.table and not (c.adds and more.adds) for c, _ in part)
    return count <= _VALUES_MAX and not meets


def _as_one(part: list[tuple[CompiledStatement, Any]]) -> tuple[str, dict[str, Any]]:
    sql = _joined(tuple(compiled.sql for compiled, _ in part))
    values = {f"{name}_{n}": v for n, (_, given) in enumerate(part) for name, v in given.items()}
    return sql, values


@lru_cache(maxsize=500)
def _joined(statements: tuple[str, ...]) -> str:
    *first, last = (_VALUE.sub(rf"%(\1_{n})s", sql) for n, sql in enumerate(statements))
    parts = ", ".join(f"part_{n} AS ({sql})" for n, sql in enumerate(first))
    return f"WITH {parts} {last}" if parts else last


_VALUE = re.compile(r"%\((\w+)\)s")


def _to_driver(bind: BindParameter[Any], dialect: Dialect) -> _Convert | None:
    turn: _Convert | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return turn


def _asks(change: UpdateBase) -> bool:
    """Whether the change reads tables for what it writes."""
    return any(isinstance(part, Select) for part in iterate(change))


def of_many(
    query: Select[Any],
    column: ColumnElement[Any],
    name: str,
    *,
    on_sqlite: Select[Any] | None = None,
) -> PreparedStatement:
    """`query` for the rows whose `column` is one of those in the value `name`, however many: the
    statement stays the same. `on_sqlite` is the query in SQLite's words, where it takes others."""
    kind = Texts() if isinstance(column.type, String) else Numbers()
    values: BindParameter[Any] = bindparam(name, type_=kind)
    listed = func.json_each(values).table_valued("value")
    return PreparedStatement(
        query.where(column == any_(values)),
        on_sqlite=(query if on_sqlite is None else on_sqlite).where(
            column.in_(select(listed.c.value))
        ),
    )


def insert_statement(table: Table, *columns: str) -> PreparedStatement:
    """An insert of one row with values for `columns`, or for all of them."""
    names = columns or tuple(column.name for column in table.columns)
    return PreparedStatement(
        insert(table).values({name: bindparam(name) for name in names}).inline()
    )


def insert_new_statement(table: Table, *columns: str) -> PreparedStatement:
    """As `insert_statement`, for a row whose key may be there already: then nothing happens."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return PreparedStatement(
        postgresql.insert(table).values(values).on_conflict_do_nothing().inline(),
        on_sqlite=sqlite.insert(table).values(values).on_conflict_do_nothing().inline(),
    )
