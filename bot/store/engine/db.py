"""The engine and the unit of work.

On SQLite there is one writer at a time: our lock is taken first, then a connection, then the
database's own lock (BEGIN IMMEDIATE). Several writers left to SQLite starve each other.
"""

import math
import os
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Executable, Table, create_engine, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

from bot.errors import KayoiError

from .identity_map import IdentityMap
from .statements import CompiledStatement, PreparedStatement, in_one_statement, in_runs
from .troubles import is_busy, is_full, troubles
from .turns import Turns

#: A lock that isn't got in this time is given up.
LOCK_SECONDS_MAX = 10
#: A connection that nobody used for longer is asked for a word before it is used again.
REST_SECONDS_MAX = 5.0
#: So long after it was noticed a disk is taken to be full.
_FULL_SECONDS = 60.0
#: A machine may go, or its network, without a word. Whoever is at the other end of a connection is
#: asked after 10 s of silence, three times, every 5 s, and what is sent must arrive in 25 s: else
#: Linux holds on for two hours, and with it a thread of ours here, and there what it has locked. A
#: Unix socket knows nothing of it.
_SILENCE = {"idle": 10, "interval": 5, "count": 3}
_ARRIVES_MS = 25_000
#: What one thing that is recorded writes.
_FEW = 50
#: SQLite's `synchronous`: every commit waits for the disk, or only a checkpoint does.
_FULL, _NORMAL = "FULL", "NORMAL"


class StoreBusy(KayoiError):
    """The database did not answer in time; nothing was written, and it is worth trying again."""


class StoreFull(StoreBusy):
    """The database's disk is full; nothing was written, and nothing is before somebody makes room
    there."""


class DatabaseUnreachable(KayoiError):
    """The database can't be reached. Check DATABASE_URL, and that its server is running."""


@cache
def _insert_new(table: Table, is_sqlite: bool) -> Executable:
    insert = sqlite.insert if is_sqlite else postgresql.insert
    # Without the option SQLAlchemy forgets how many rows an INSERT made (-1 on PostgreSQL).
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


class UnitOfWork:
    """One transaction. Everything done through it is kept together, or not at all.

    `run` is for any statement. `ask`, `change` and `write` are for prepared ones, on the hottest
    paths: what is written (`write`, `write_latest`) waits until something is asked or the
    transaction ends, so that PostgreSQL gets it in one statement.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self._dialect = connection.dialect
        self._driver: Any = connection.connection.driver_connection
        #: The members, accounts and switches that were read.
        self.identities = IdentityMap()
        #: What was done that others may want to hear of at the end, in order.
        self.journal: list[object] = []
        self._waiting: list[tuple[CompiledStatement, Any]] = []
        self._latest: dict[Hashable, tuple[CompiledStatement, Callable[[], Mapping[str, Any]]]] = {}

    def run(self, statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
        self.flush()
        return self.connection.execute(statement, values)

    def insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Inserts the rows whose key is new; gives how many were."""
        if not rows:
            return 0
        return self.run(_insert_new(table, self.is_sqlite), list(rows)).rowcount

    def put(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Keeps the values under that key, whether there is a row or another is just making one."""
        if not self.insert_new(table, [{**key, **values}]):
            its = (table.c[name] == value for name, value in key.items())
            self.run(update(table).where(*its).values(**values))

    def driver_one(self, sql: str, values: Any) -> int:
        """Runs a statement in the driver's own words; gives how many rows it touched."""
        self.flush()
        return int(self._driver.execute(sql, values).rowcount)

    def driver_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """The same for each of `rows`; gives how many rows they touched together. SQLite only."""
        self.flush()
        return int(self._driver.executemany(sql, rows).rowcount)

    def ask(self, statement: PreparedStatement, values: Mapping[str, Any]) -> list[Any]:
        """The rows that a prepared query gives."""
        self.flush()
        compiled = statement.on(self._dialect)
        cursor = self._driver.execute(compiled.sql, compiled.values(values))
        return [compiled.row(values) for values in cursor.fetchall()]

    def ids(self, statement: PreparedStatement, values: Mapping[str, Any]) -> list[int]:
        """What a prepared query gives that asks for ids alone, fetched at once: that is faster."""
        self.flush()
        compiled = statement.on(self._dialect)
        cursor = self._driver.execute(compiled.sql, compiled.values(values))
        return [i for (i,) in cursor.fetchall()]

    def change(self, statement: PreparedStatement, values: Mapping[str, Any]) -> int:
        """Runs a prepared change at once; gives how many rows it touched."""
        self.flush()
        compiled = statement.on(self._dialect)
        return int(self._driver.execute(compiled.sql, compiled.values(values)).rowcount)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Part of the transaction that is undone by itself when an exception leaves the block.

        Raises StoreBusy as `Store.begin` does.
        """
        self.flush()
        known = len(self.journal)
        with _busy_is_told(self._dialect), self.connection.begin_nested():
            try:
                yield
                self.flush()
            except BaseException:
                del self.journal[known:]
                self._waiting.clear()
                self._latest.clear()
                self.identities.clear()
                raise

    def write(self, statement: PreparedStatement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a prepared change for each of `rows`, now or a little later."""
        compiled = statement.on(self._dialect)
        self._waiting += [(compiled, compiled.values(row)) for row in rows]

    def write_latest(
        self, statement: PreparedStatement, key: Hashable, row: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Runs a prepared change that leaves nothing of an earlier one of the same `key`: of those
        that still wait only the newest is sent. Its row is made then."""
        self._latest[statement, key] = statement.on(self._dialect), row

    def flush(self) -> None:
        """Sends what waits to be written: to SQLite one by one, to PostgreSQL as one statement.
        Much of it, as a page of a file brings, is sent in one go for all rows alike."""
        if not self._waiting and not self._latest:
            return
        waiting, self._waiting = self._waiting, []
        latest, self._latest = self._latest, {}
        waiting += [(compiled, compiled.values(row())) for compiled, row in latest.values()]
        if len(waiting) > _FEW:
            for compiled, rows in in_runs(waiting):
                self._driver.cursor().executemany(compiled.sql, rows)
            return
        if self.is_sqlite:
            for compiled, values in waiting:
                self._driver.execute(compiled.sql, values)
            return
        for sql, values in in_one_statement(waiting):
            self._driver.execute(sql, values)


class Store:
    """A database, ready to be read and written."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        #: So many transactions of much work are done at a time, no faster if more: PostgreSQL works
        #: for one while Python does for another, and on SQLite one writes at a time.
        self.at_a_time = 1 if self.is_sqlite else 2
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url, pool_size)
        # Connections of their own: to say it in each transaction would cost a round trip.
        self._not_durable = (
            self.engine if self.is_sqlite else _postgres_engine(url, pool_size, durable=False)
        )
        #: By whether what is written waits for the disk. PostgreSQL knows these options not.
        self._writers = {
            True: self.engine.execution_options(kayoi_write=True, kayoi_care=_FULL),
            False: self._not_durable.execution_options(kayoi_write=True, kayoi_care=_NORMAL),
        }
        self._strokes = self._not_durable.execution_options(isolation_level="AUTOCOMMIT")
        # The first's pool; what a statement sees there does not change under it.
        self._snapshots = self._as(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._glances = self._as(isolation_level="AUTOCOMMIT")
        self._writing = Turns() if self.is_sqlite else nullcontext()
        self._full_until = 0.0

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[UnitOfWork]:
        """A writing transaction: committed at the end of the block, undone by an exception. One
        that need not be `durable` doesn't wait for the disk: it outlives our process, but may be
        undone where the database's machine fails, until the next that is.

        Raises StoreBusy when another one was in the way for too long, or met it in a circle, and
        StoreFull when there is no room on the disk.
        """
        engine = self._writers[durable]
        with (
            self._told(engine.dialect),
            self._writing,
            engine.connect() as connection,
            connection.begin(),
        ):
            uow = UnitOfWork(connection)
            yield uow
            uow.flush()

    @contextmanager
    def stroke(self, *, durable: bool = False) -> Iterator[UnitOfWork]:
        """For changes that stand each by itself: a statement is a transaction by itself there, and
        costs no round trip but its own.

        Raises StoreBusy as `begin` does.
        """
        if self.is_sqlite:
            with self.begin(durable=durable) as uow:
                yield uow
            return
        engine = self._glances if durable else self._strokes
        with self._told(engine.dialect), engine.connect() as connection:
            uow = UnitOfWork(connection)
            yield uow
            uow.flush()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A reading transaction: one consistent moment, nothing kept."""
        with self._snapshots.connect() as connection:
            connection.begin()
            yield UnitOfWork(connection)

    @contextmanager
    def glance(self) -> Iterator[UnitOfWork]:
        """For one prepared query: a statement is a consistent moment by itself, and costs no round
        trip but its own."""
        with self._glances.connect() as connection:
            yield UnitOfWork(connection)

    @property
    def is_full(self) -> bool:
        """Whether something could not be written a moment ago, for want of room."""
        return time.monotonic() < self._full_until

    @contextmanager
    def _told(self, dialect: Dialect) -> Iterator[None]:
        try:
            with _busy_is_told(dialect):
                yield
        except troubles(dialect) as problem:
            if not is_full(problem):
                raise
            self._full_until = time.monotonic() + _FULL_SECONDS
            raise StoreFull from problem

    def _as(self, **options: Any) -> Engine:
        """The engine with options that only PostgreSQL knows."""
        return self.engine if self.is_sqlite else self.engine.execution_options(**options)

    def reach(self) -> None:
        """Asks the database for a word; DatabaseUnreachable when none comes."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            raise DatabaseUnreachable from None

    @property
    def engines(self) -> Iterator[Engine]:
        """The engine, and on PostgreSQL that of what need not be durable."""
        yield self.engine
        if not self.is_sqlite:
            yield self._not_durable

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()


@contextmanager
def _busy_is_told(dialect: Dialect) -> Iterator[None]:
    try:
        yield
    except troubles(dialect) as problem:
        if is_busy(problem):
            raise StoreBusy from problem
        raise


def _make_private(file: Path) -> None:
    """Makes a database's file, if there is none, one that its owner alone can read. SQLite gives
    what it writes beside it (`-wal`, `-shm`) the same rights."""
    file.touch(mode=0o600)
    if file.stat().st_uid == os.getuid():
        file.chmod(0o600)


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _make_private(Path(path))
    engine = create_engine(url, pool_size=20, connect_args={"timeout": LOCK_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={_FULL}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        driver: Any = connection.connection.driver_connection
        care = options.get("kayoi_care", _FULL)
        if connection.info.get("kayoi_care", _FULL) != care:
            driver.execute(f"PRAGMA synchronous={care}")
            connection.info["kayoi_care"] = care
        driver.execute("BEGIN IMMEDIATE" if options.get("kayoi_write") else "BEGIN")

    return engine


def _postgres_engine(url: str, pool_size: int, *, durable: bool = True) -> Engine:
    # Compiling a statement takes longer than any of ours runs.
    options = f"-c lock_timeout={LOCK_SECONDS_MAX * 1000} -c jit=off"
    if not durable:
        options += " -c synchronous_commit=off"
    # Both ends ask: either may be the one that is left.
    options += f" -c tcp_user_timeout={_ARRIVES_MS}"
    options += "".join(f" -c tcp_keepalives_{name}={value}" for name, value in _SILENCE.items())
    asking = {f"keepalives_{name}": value for name, value in _SILENCE.items()}
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": _ARRIVES_MS,
            **asking,
            "options": options,
        },
    )

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["resting_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: Any, _proxy: Any) -> None:
        # One that rested may have been cut off since; one just used costs no round trip.
        if time.monotonic() - record.info.get("resting_since", math.inf) < REST_SECONDS_MAX:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except engine.dialect.loaded_dbapi.Error as problem:
            raise DisconnectionError from problem

    return engine
