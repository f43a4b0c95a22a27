"""Indexes by which the night's work finds whom to flag as at risk, and the staff those it has."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FOUND_BY = {
    "risk_open": "at_risk IS NULL AND membership = 'active' AND visits > 0",
    "drifting": "at_risk IS NOT NULL",
}


def upgrade() -> None:
    for name, condition in _FOUND_BY.items():
        where = sa.text(condition)
        op.create_index(
            f"ix_members_{name}",
            "members",
            ["away_since", "id"],
            postgresql_where=where,
            sqlite_where=where,
        )
