"""Owners write to many members at once."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_OPEN = sa.text("state <> 'draft' AND ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("contents", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("written_by", BigInt, nullable=True),
        sa.Column("send_at", UtcDateTime, nullable=True),
        sa.Column("began_at", UtcDateTime, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("reached", BigInt, nullable=False, server_default="0"),
        sa.Column("all_queued", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("halted", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index(
        "ix_broadcasts_open", "broadcasts", ["id"], postgresql_where=_OPEN, sqlite_where=_OPEN
    )
