"""How Alembic reaches the database: by the connection it is handed, or by DATABASE_URL."""

from alembic import context
from sqlalchemy import Connection

from bot.settings import load_settings
from bot.store import Store
from bot.store.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=True,
        # Of a transaction that was begun for all of them it makes nothing.
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with Store(load_settings().database_url).engine.begin() as opened:
        _run(opened)
