"""What was handed over to charities."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reward", sa.String(40), nullable=False),
        sa.Column("yen", BigInt, nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("receipt", sa.String(60), nullable=False),
        sa.Column("recorded_by", BigInt, nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_handovers")),
    )
