"""Indexes that answer most of what journeys ask by themselves, whatever state members are in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LEADS = {
    "away_since": ["away_since"],
    "rhythm": ["gap_days", "away_since"],
    "last_visit_at": ["last_visit_at"],
}
_STANDS = sa.text("erased_at IS NULL AND merged_into IS NULL")
_ACTIVE = sa.text("membership = 'active'")


def upgrade() -> None:
    for name, leads in _LEADS.items():
        op.drop_index(f"ix_members_{name}", table_name="members")
        op.create_index(
            f"ix_members_{name}",
            "members",
            [*leads, "id", "membership", "visits"],
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        )
