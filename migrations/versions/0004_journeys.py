"""What journeys ask for, on the member's row. `flask migrate` fills it in for members of before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DAYS = ("away_since", "acted_on", "close_until", "rank_lost_on", "holds_until")
_ALL = ("away_since", "active_on", "acted_on")
_FEW = ("close_until", "rank_lost_on", "holds_until", "at_risk")


def upgrade() -> None:
    for name in _DAYS:
        op.add_column("members", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("members", sa.Column("gap_days", sa.SmallInteger(), nullable=True))
    op.add_column("members", sa.Column("at_risk", sa.String(length=10), nullable=True))
    for name in _ALL:
        op.create_index(f"ix_members_{name}", "members", [name, "id"])
    op.create_index("ix_members_rhythm", "members", ["gap_days", "away_since", "id"])
    for name in _FEW:
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_members_{name}",
            "members",
            [name, "id"],
            postgresql_where=where,
            sqlite_where=where,
        )
