"""The whole database into one file while it runs, and back: SQLite's online backup, and
PostgreSQL's own tools where they are found."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Table, func, inspect, select, text

from bot.errors import KayoiError

from ..tables import members, staff
from .db import Store

#: What a dump is called in an archive.
NAMES = {True: "database.sqlite3", False: "database.dump"}


class DumpFailed(KayoiError):
    """The database couldn't be written into a file, or read from one."""


def dump(store: Store, file: Path) -> None:
    """Writes the database, as it is at one moment, into a new `file`, and looks whether it can be
    read. DumpFailed says what is in the way."""
    file.touch(mode=0o600)
    if store.is_sqlite:
        with closing(sqlite3.connect(_path(store))) as source, closing(sqlite3.connect(file)) as to:
            source.backup(to)
            # Beside an archive there is no room for a journal.
            to.execute("PRAGMA journal_mode=DELETE")
    else:
        _run(store, "pg_dump", "--format=custom", "--no-owner", f"--file={file}")
    check(file, is_sqlite=store.is_sqlite)


def check(file: Path, *, is_sqlite: bool) -> None:
    """DumpFailed for a file that is no whole database."""
    if not is_sqlite:
        _call(_tool("pg_restore"), "--list", str(file))
        return
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as problem:
        raise DumpFailed(f"The file is no database: {problem}.") from problem
    if found != ("ok",):
        raise DumpFailed("The file is damaged: SQLite's integrity check found faults in it.")


def load(store: Store, file: Path) -> None:
    """Puts what stands in `file` in the place of all that the database has. Nobody may be served
    from it meanwhile."""
    check(file, is_sqlite=store.is_sqlite)
    store.close()
    if store.is_sqlite:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(_path(store))) as to:
            source.backup(to)
        return
    with store.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store.close()
    _run(store, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(file))


def people_in(store: Store) -> int:
    """How many members and staff the database knows; 0 for one that nobody has made yet."""
    there = inspect(store.engine).get_table_names()
    with store.engine.connect() as connection:

        def count(table: Table) -> int:
            if table.name not in there:
                return 0
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

        return count(members) + count(staff)


def _path(store: Store) -> str:
    return str(store.url.database)


def _run(store: Store, name: str, *words: str) -> None:
    """Runs one of PostgreSQL's tools on the database. No list of processes shows the password."""
    url = store.url
    names = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username}
    names |= {"PGPASSWORD": url.password, "PGDATABASE": url.database}
    if isinstance(host := url.query.get("host"), str):
        names["PGHOST"] = host
    environ = {each: str(value) for each, value in names.items() if value is not None}
    given = [f"--dbname={url.database}"] if name == "pg_restore" else []
    _call(_tool(name), *given, *words, environ=environ)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(
            f"{name} isn't on this machine. Install PostgreSQL's client (postgresql-client), of "
            "the server's version or a newer one; or let the database's host make the backups."
        )
    return found


def _call(*words: str, environ: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - our own words, and no shell
        words, env={**os.environ, **(environ or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason was given"])[0]
        raise DumpFailed(said)
