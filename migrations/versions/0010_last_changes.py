"""When what stands beside the history was changed last, so that the newest change wins."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_changes",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("subject", "field"),
    )
    op.create_index("ix_last_changes_changed_at", "last_changes", ["changed_at"])
