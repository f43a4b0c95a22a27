"""Bringing a database to the head of the migrations, and asking whether it is there.

Alembic is loaded only where that is done: it takes ten megabytes and a quarter of a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from .db import Store

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).resolve().parents[3]
#: So long another process may take that migrates: large tables are written anew.
_SECONDS_MAX = 3600
#: Any number will do that nothing else in the database uses.
MIGRATION_LOCK = 52965


def upgrade(url: str, revision: str = "head") -> None:
    """Applies the migrations up to `revision` to the database at `url`, making it if need be: all
    of them in one transaction, or none. Of several processes that start at once one migrates; the
    others wait for it, and then find nothing to do."""
    from alembic import command

    store = Store(url)
    try:
        with store.engine.connect() as connection:
            connection = connection.execution_options(kayoi_write=True)
            _wait_for_turn(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    finally:
        store.close()


def _wait_for_turn(connection: Connection) -> None:
    """Begins the transaction in which nobody else migrates. PostgreSQL's lock ends with it: one of
    the session would be lost behind a pooler."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {_SECONDS_MAX * 1000}")
        connection.begin()
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_SECONDS_MAX}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


def at_head(store: Store) -> bool:
    """Whether the database's schema is the one this code was written for."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with store.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())


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
