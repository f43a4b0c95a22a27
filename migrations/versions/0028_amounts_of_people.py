"""A line of the log has the amount that was entered, so that a person's day is summed at once.

Lines of before tell it in their details alone: the day on which this comes begins with nothing.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TOLD = sa.text("entered_yen IS NOT NULL")


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("entered_yen", BigInt, nullable=True))
    op.create_index(
        "ix_audit_log_entered_yen",
        "audit_log",
        ["staff_id", "at", "entered_yen"],
        postgresql_where=_TOLD,
        sqlite_where=_TOLD,
    )
