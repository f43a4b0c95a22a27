"""The month's eco actions of all members are counted by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_eco = sa.text("what LIKE 'Eco %' AND undone_at IS NULL")
    op.create_index(
        "ix_activities_eco",
        "activities",
        ["business_date"],
        postgresql_where=is_eco,
        sqlite_where=is_eco,
    )
