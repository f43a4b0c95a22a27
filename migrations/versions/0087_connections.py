"""Connections with tills and web shops whose orders we hear."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connections",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("client", sa.String(200), nullable=False),
        sa.Column("secret", sa.String(1000), nullable=False),
        sa.Column("token", sa.String(1000), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("off_at", UtcDateTime),
        sa.Column("heard_at", UtcDateTime),
        sa.Column("read_to", UtcDateTime, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failing_since", UtcDateTime),
        sa.Column("problem", sa.String(20)),
        sa.Column("told_at", UtcDateTime),
        sa.Column("dropped_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
    )
    op.create_table(
        "order_hints",
        sa.Column("connection_id", BigInt, nullable=False),
        sa.Column("order_id", sa.String(100), nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("connection_id", "order_id", name=op.f("pk_order_hints")),
    )
    op.create_index("ix_order_hints_due", "order_hints", ["due_at"])
