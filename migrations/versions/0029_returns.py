"""What a club has learned of its members' returns, and the day on which each drifts away.

`flask migrate` works that day out for members of before, with the facts that it goes by.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEXES = {
    "drift_on": (
        ["drift_on", "id", "membership", "visits"],
        "erased_at IS NULL AND merged_into IS NULL",
    ),
    "drift_open": (
        ["drift_on", "id"],
        "at_risk IS NULL AND membership = 'active' AND visits > 0",
    ),
}


def upgrade() -> None:
    op.add_column("members", sa.Column("drift_on", sa.Date(), nullable=True))
    for name, (columns, where) in _INDEXES.items():
        op.create_index(
            f"ix_members_{name}",
            "members",
            columns,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )
    op.create_table(
        "return_fits",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_return_fits"),
    )
