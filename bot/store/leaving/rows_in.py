"""Rows of an export into an empty database, in the one transaction that makes it a club."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from bot.errors import KayoiError

from ..engine.db import Store, UnitOfWork
from ..tables import JOURNEYS_REST
from .kinds import LEFT_OUT, TYPES, FieldKind, kind_of

#: Tables by their names, as the rows of an export have them.
Tables = Mapping[str, Table]
#: Rows that are held at a time.
PAGE = 500
_VERSION = "alembic_version"
#: What a club of before may have said since the export was made: what is in the first state is put
#: into the second, so that nobody hears it twice.
_SAID_SINCE: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("outbox", {"status": "queued"}, {"status": "skipped", "reason": "moved"}),
    ("broadcasts", {"state": "sending"}, {"state": "paused"}),
    ("newsletter_issues", {"state": "sending"}, {"state": "stopping"}),
    ("events", {"invite_rest": True}, {"invite_rest": False}),
    ("suggestions", {"is_telling": True}, {"is_telling": False}),
)
#: The same for what goes on after a member; None: to nobody.
_GOES_ON = (("events", "inviting_after"), ("trials", "saying"), ("trials", "saying_after"))


class UnusableRow(KayoiError):
    """A line of an export is none that could be written into the database."""


def first_taken(store: Store) -> str | None:
    """The name of a table that has rows; None for a database that is empty, or isn't there."""
    with store.engine.connect() as connection:
        for name in sorted(inspect(connection).get_table_names()):
            table = Table(name, MetaData(), Column("any", TYPES["int"]))
            asked = select(func.count()).select_from(table)
            if name != _VERSION and connection.execute(asked).scalar_one():
                return name
    return None


def drop_empty(store: Store) -> None:
    """Takes the tables away of a database that is empty."""
    if not store.is_sqlite:
        with store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    else:
        there = MetaData()
        with store.begin() as uow:
            there.reflect(uow.connection, resolve_fks=False)
            there.drop_all(uow.connection)
    store.close()


def check_whole(store: Store, names: Collection[str]) -> None:
    """UnusableRow where something is missing that the database has a table for, or is there that no
    export has."""
    there = {*inspect(store.engine).get_table_names()} - {_VERSION, *LEFT_OUT}
    if differs := sorted(there ^ {*names}):
        raise UnusableRow(f"{differs[0]!r} is missing, or is in no export of that version.")


def table_for(store: Store, name: str, fields: Mapping[str, FieldKind]) -> Table:
    """The database's table of that name, for rows with those fields. UnusableRow where it has
    others."""
    there = inspect(store.engine)
    if not there.has_table(name):
        raise UnusableRow(f"There is no {name!r} in a database of that version.")
    kinds = {each["name"]: kind_of(each["type"]) for each in there.get_columns(name)}
    wanted = {field: "bytes" if kind == "file" else kind for field, kind in fields.items()}
    if kinds != wanted:
        differs = sorted(dict(kinds.items() ^ wanted.items()))
        raise UnusableRow(f"{name!r} has other fields in that version: {', '.join(differs)}.")
    columns = (Column(field, TYPES[kind]) for field, kind in fields.items())
    return Table(name, MetaData(), *columns)


def write(
    uow: UnitOfWork,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
) -> Iterator[int]:
    """Writes the rows, a page at a time, and gives how many each page was."""
    page: list[Mapping[str, Any]] = []
    for row in rows:
        page.append(row)
        if len(page) == PAGE:
            yield _write(uow, table, page)
            page = []
    if page:
        yield _write(uow, table, page)


def _write(uow: UnitOfWork, table: Table, page: list[Mapping[str, Any]]) -> int:
    try:
        uow.run(table.insert(), page)
    except DBAPIError as problem:
        raise UnusableRow(f"{table.name!r}: {_short(problem)}") from None
    except (StatementError, ValueError, OverflowError) as problem:
        raise UnusableRow(f"{table.name!r}: {type(problem).__name__}") from None
    return len(page)


def _short(problem: DBAPIError) -> str:
    """What the database says, without the values, which are members' own."""
    told = getattr(getattr(problem.orig, "diag", None), "message_primary", None)
    return str(told or problem.orig)


def row_of(
    line: bytes, fields: Mapping[str, FieldKind], file: Callable[[str], bytes]
) -> dict[str, Any]:
    """What a line of an export says; `file` reads what stands in one of its own."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise UnusableRow("is no JSON") from None
    if not isinstance(said, dict) or said.keys() != fields.keys():
        raise UnusableRow("has other fields")
    return {name: _value(name, kind, said[name], file) for name, kind in fields.items()}


def _value(name: str, kind: FieldKind, said: Any, file: Callable[[str], bytes]) -> Any:
    if said is None:
        return None
    if type(said) is not _SAID_AS[kind] and not (kind == "float" and type(said) is int):
        raise UnusableRow(f"says {name!r} in another way")
    try:
        match kind:
            case "time":
                moment = datetime.fromisoformat(said)
                if moment.tzinfo is None:
                    raise UnusableRow(f"says {name!r} without a time zone")
                return moment
            case "day":
                return date.fromisoformat(said)
            case "bytes":
                return base64.b64decode(said, validate=True)
            case "file":
                return file(said)
            case _:
                return said
    except (ValueError, binascii.Error):
        raise UnusableRow(f"says {name!r} in another way") from None


_SAID_AS: Mapping[str, type[Any]] = {
    **dict.fromkeys(("time", "day", "bytes", "file", "text"), str),
    "int": int,
    "bool": bool,
    "float": float,
}


def number_on(uow: UnitOfWork, tables: Iterable[Table]) -> None:
    """Lets PostgreSQL number on after the rows that are there; SQLite does by itself."""
    if uow.is_sqlite:
        return
    for table in tables:
        for column in table.columns:
            asked = select(func.pg_get_serial_sequence(table.name, column.name))
            if (sequence := uow.run(asked).scalar()) is not None:
                top = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                uow.run(select(func.setval(sequence, top, False)))


def let_rest(uow: UnitOfWork, tables: Tables) -> int:
    """Puts by what was about to be said when the export was made, and has journeys put by what they
    have by the day on which they are asked next; gives how many messages."""
    waited = 0
    for name, state, then in _SAID_SINCE:
        table = tables[name]
        if not {*state, *then} <= set(table.c.keys()):
            continue
        which = [table.c[column] == value for column, value in state.items()]
        done = uow.run(update(table).where(*which).values(then)).rowcount
        waited += done if name == "outbox" else 0
    for name, column in _GOES_ON:
        if column in tables[name].c:
            uow.run(update(tables[name]).values({column: None}))
    notes = tables["notes"]
    uow.run(notes.delete().where(notes.c.name == JOURNEYS_REST))
    uow.run(notes.insert().values(name=JOURNEYS_REST, value=""))
    return waited


def without_secrets(uow: UnitOfWork, tables: Tables) -> None:
    """Takes out what only another SECRET_KEY could read."""
    for name in ("line_channel", "recovery_codes", "last_changes"):
        uow.run(tables[name].delete())
    codes, staff = tables["reward_codes"], tables["staff"]
    uow.run(codes.delete().where(codes.c.member_id.is_(None)))
    uow.run(update(staff).values(totp=None, totp_since=None, totp_step=None))
