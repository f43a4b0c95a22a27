"""All migrations, one after the other, on a database of their own: what each said to it, and how
what code of before says to its tables fares after it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from bot.settings import PROJECT

from .schema import ColumnShape, Schema, look

#: A row is made of these, by how the names of types begin.
_DUMMIES = {
    "int": "1", "bigint": "1", "smallint": "1", "bool": "true", "double": "0.5", "float": "0.5",
    "numeric": "1", "date": "'2026-01-05'", "timestamp": "'2026-01-05 03:00:00+00:00'",
    "bytea": "'x'", "blob": "x'00'", "json": "'{}'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A migration that was run."""

    revision: str
    before: Schema
    after: Schema
    #: What it said to the database.
    said: tuple[str, ...]
    #: What code of before said to the tables that it touched, and the database didn't take after.
    refused: tuple[str, ...]


def scripts() -> list[Any]:
    """The migrations, the first one first."""
    return [*ScriptDirectory(str(PROJECT / "migrations")).walk_revisions()][::-1]


def walk(connection: Connection) -> Iterator[Step]:
    """Runs them all; the connection is nobody else's, and the database is empty."""
    said: list[str] = []
    event.listen(connection, "before_cursor_execute", _noting(said))
    context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
    for script in scripts():
        with context.begin_transaction(_per_migration=True):
            before = look(connection)
            said.clear()
            with Operations.context(context):
                script.module.upgrade()
            its = tuple(said)
        with context.begin_transaction(_per_migration=True):
            after = look(connection)
            words = {word for sql in its for word in re.findall(r"\w+", sql)}
            about = [each for each in _statements(before) if each[0] in words]
            refused = tuple(_refused(connection, about))
        yield Step(script.revision, before, after, its, refused)


def _noting(said: list[str]) -> Callable[..., None]:
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    return note


def _statements(schema: Schema) -> Iterator[tuple[str, str]]:
    """(table, statement): whatever code written for that schema may say, naming each column as it
    knows it. That is all that SQLAlchemy makes of tables, since it never says `*`."""
    for table, columns in schema.tables.items():
        names = ", ".join(f'"{name}"' for name in columns)
        row = ", ".join(_dummy(shape) for shape in columns.values())
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({row})'
        yield table, insert
        yield table, f"{insert} ON CONFLICT DO NOTHING"
        for key in _keys(schema, table):
            yield table, f"{insert} ON CONFLICT ({key}) DO NOTHING"
        yield table, f'SELECT {names} FROM "{table}"'
        to = ", ".join(f'"{name}" = {_dummy(shape)}' for name, shape in columns.items())
        yield table, f'UPDATE "{table}" SET {to}'


def _keys(schema: Schema, table: str) -> Iterator[str]:
    """What ON CONFLICT can name of it: keys of all rows, and of columns as they are."""
    for of, what in schema.unique:
        found = re.fullmatch(r"(?: USING btree \()?([\w, \"]+)\)?", what)
        if of == table and found:
            yield ", ".join(f'"{name.strip(chr(34))}"' for name in re.split(", ?", found[1]))


def _dummy(shape: ColumnShape) -> str:
    kind = shape.type.lower()
    return next((each for begins, each in _DUMMIES.items() if kind.startswith(begins)), "'a'")


def _refused(connection: Connection, told: list[tuple[str, str]]) -> Iterator[str]:
    """What the database does not take of it; none of it stays."""
    _let_strangers(connection, are_let=True)
    for _, statement in told:
        point = connection.begin_nested()
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError as problem:
            yield f"{statement}: {problem.orig}"
        point.rollback()
    _let_strangers(connection, are_let=False)


def _let_strangers(connection: Connection, *, are_let: bool) -> None:
    """Rows may name others that are not there."""
    if connection.dialect.name != "sqlite":
        role = "replica" if are_let else "origin"
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = {role}")


def touched(step: Step) -> Mapping[str, list[str]]:
    """What the migration said, by the tables of before that it is about, but for adding columns."""
    found: dict[str, list[str]] = {}
    for sql in step.said:
        about = re.match(
            r"\s*(?:UPDATE|DELETE FROM|INSERT INTO|ALTER TABLE|DROP TABLE|"
            r"CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\w+ ON)\s+\"?(\w+)",
            sql,
        )
        if about and about[1] in step.before.tables:
            found.setdefault(about[1], []).append(sql)
    return found
