"""The engine and the unit of work.

On SQLite there is one writer at a time: our lock is taken first, then a connection, then the
database's own lock (BEGIN IMMEDIATE). Several writers left to SQLite starve each other.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError


class StoreBusy(Exception):
    """The database did not answer in time; nothing was written, and it is worth trying again."""


class DatabaseUnreachable(Exception):
    """The database can't be reached. Check DATABASE_URL, and that its server is running."""


class UnitOfWork:
    """One transaction. Everything done through it is kept together, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"

    def run(self, statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
        return self.connection.execute(statement, values)

    def insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Inserts the rows whose key is new; gives how many were."""
        if not rows:
            return 0
        insert = sqlite.insert if self.is_sqlite else postgresql.insert
        statement = insert(table).on_conflict_do_nothing()
        if len(rows) == 1:
            return self.connection.execute(statement, rows[0]).rowcount
        return self.connection.execute(statement.values(list(rows))).rowcount


class Store:
    """A database, ready to be read and written."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url, pool_size)
        self._writing = threading.RLock()

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A writing transaction: committed at the end of the block, undone by an exception."""
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield UnitOfWork(connection)
            return
        with self._writing, self.engine.connect() as connection:
            connection = connection.execution_options(kayoi_write=True)
            try:
                transaction = connection.begin()
            except OperationalError as problem:
                raise StoreBusy(str(problem.orig)) from problem
            with transaction:
                yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A reading transaction: one consistent moment, nothing kept."""
        with self.engine.connect() as connection:
            yield UnitOfWork(connection)

    def reach(self) -> None:
        """Asks the database for a word; DatabaseUnreachable when none comes."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            raise DatabaseUnreachable(DatabaseUnreachable.__doc__) from None

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=20, connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("kayoi_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
    )
