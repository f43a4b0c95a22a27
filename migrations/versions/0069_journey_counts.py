"""What was counted of journeys' tests, kept for a day."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journey_counts",
        sa.Column("journey", sa.String(40), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("sides", sa.Text(), nullable=False),
        sa.Column("first_at", UtcDateTime()),
        sa.Column("days", sa.Float(), nullable=False),
        sa.Column("steady", sa.Boolean(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("journey", name=op.f("pk_journey_counts")),
    )
