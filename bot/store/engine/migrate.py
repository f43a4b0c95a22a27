"""Bringing a database to the head of the migrations, and asking whether it is there.

Alembic is loaded only where that is done: it takes ten megabytes and a quarter of a second.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from .db import Store, StoreBusy
from .troubles import is_busy

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).resolve().parents[3]
#: So long another process may take that migrates: large tables are written anew.
_SECONDS_MAX = 3600
#: So long a migration waits for a table that others use, and then lets them go on.
_TABLE_SECONDS_MAX = 2
_PAUSE_SECONDS = 0.5
#: Any number will do that nothing else in the database uses.
MIGRATION_LOCK = 52965


def upgrade(url: str, revision: str = "head") -> None:
    """Applies the migrations up to `revision` to the database at `url`, making it if need be. Of
    several processes that start at once one migrates; the others wait for it, and then find nothing
    to do. Those that serve go on meanwhile.

    A database that a newer version migrated is left as it is: it serves the version before, too.

    On SQLite it is one transaction: all of them, or none. On PostgreSQL each has its own, so that
    nobody waits for a table until the last one is through; what is broken off goes on where it
    stopped when it is called again.
    """
    store = Store(url)
    try:
        if revision == "head" and ahead(store):
            return
        apply = _at_once if store.is_sqlite else _one_by_one
        apply(store, revision)
    finally:
        store.close()


def _at_once(store: Store, revision: str) -> None:
    with store.engine.connect() as connection:
        connection = connection.execution_options(kayoi_write=True)
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {_SECONDS_MAX * 1000}")
        connection.begin()
        _apply(connection, revision)
        connection.commit()


def _one_by_one(store: Store, revision: str) -> None:
    with _turn(store), store.engine.connect() as connection:
        event.listen(connection, "begin", _wait_briefly)
        for _ in _tries():
            try:
                _apply(connection, revision)
            except OperationalError as problem:
                if not is_busy(problem):
                    raise
                connection.rollback()
            else:
                return


def _apply(connection: Connection, revision: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def _turn(store: Store) -> Iterator[None]:
    """Nobody else migrates in the block. The lock ends with a transaction: one of the session would
    be lost behind a pooler. It is asked for again and again, since whoever waits in the database
    would be waited for by an index that is made meanwhile."""
    for _ in _tries():
        with store.engine.begin() as guard:
            guard.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            asked = f"SELECT pg_try_advisory_xact_lock({MIGRATION_LOCK})"
            if guard.exec_driver_sql(asked).scalar_one():
                yield
                return


def _tries() -> Iterator[None]:
    """Again and again, with a pause between; StoreBusy when that has been going on for too long."""
    ends = time.monotonic() + _SECONDS_MAX
    while time.monotonic() < ends:
        yield
        time.sleep(_PAUSE_SECONDS)
    raise StoreBusy


def _wait_briefly(connection: Connection) -> None:
    """Whoever waits for a table is waited for by all who come after: those who serve can bear it
    for a moment. Then they have their turn, and it is tried again."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_TABLE_SECONDS_MAX}s'")


def behind(store: Store) -> tuple[str, str] | None:
    """(the database's number, this code's) where migrations are missing; else None. Where a newer
    version migrated it none are."""
    found, ours = _numbers(store)
    return None if found == ours or _is_later(found, ours) else (found, ours)


def ahead(store: Store) -> tuple[str, str] | None:
    """(the database's number, this code's) where a newer version migrated it; else None."""
    found, ours = _numbers(store)
    return (found, ours) if _is_later(found, ours) else None


def _numbers(store: Store) -> tuple[str, str]:
    from alembic.script import ScriptDirectory

    with store.engine.connect() as connection:
        found = head_of(connection)
    return found, ScriptDirectory.from_config(_config()).get_current_head() or ""


def _is_later(found: str, ours: str) -> bool:
    """Whether the number is of a migration that came after all of ours."""
    return found.isdigit() and ours.isdigit() and int(found) > int(ours)


def head_of(connection: Connection) -> str:
    """The number of the last migration that was applied; "" for none."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this code has a migration of that number."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(each.revision == revision for each in found)


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_ROOT / "migrations"))
    return config
