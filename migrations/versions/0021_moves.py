"""A card that was moved is held for a week, and the accounts that had it are told."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("held_until", UtcDateTime(), nullable=True))
    op.add_column("outbox", sa.Column("user_id", sa.String(length=64), nullable=True))
    some = sa.text("user_id IS NOT NULL")
    op.create_index(
        "ix_outbox_user_id", "outbox", ["user_id"], postgresql_where=some, sqlite_where=some
    )
