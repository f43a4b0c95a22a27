"""Browsers in which somebody has signed in before."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_browsers",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("failed", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", "staff_id", name=op.f("pk_staff_browsers")),
    )
    op.create_index("ix_staff_browsers_staff_id", "staff_browsers", ["staff_id"])
