"""Bringing a database to the head of the migrations, and asking whether it is there.

Alembic is loaded only where that is done: it takes ten megabytes and a quarter of a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from .db import Store

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).resolve().parents[3]


def upgrade(url: str, revision: str = "head") -> None:
    """Applies the migrations up to `revision` to the database at `url`, making it if need be."""
    from alembic import command

    store = Store(url)
    try:
        with store.engine.connect() as connection:
            connection = connection.execution_options(kayoi_write=True)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    finally:
        store.close()


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
