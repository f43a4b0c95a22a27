"""Who drifts is found by that day alone: no more by the usual gap and the days away."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("rhythm", "risk_open", "drifting"):
        op.drop_index(f"ix_members_{name}", table_name="members")
    op.drop_column("members", "gap_days")
    flagged = sa.text("at_risk IS NOT NULL")
    op.create_index(
        "ix_members_drifting",
        "members",
        ["drift_on", "id"],
        postgresql_where=flagged,
        sqlite_where=flagged,
    )
