"""Whom somebody brought is found without reading all members."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = sa.text("referred_by IS NOT NULL")
    op.create_index(
        "ix_members_referred_by",
        "members",
        ["referred_by", "joined_at"],
        postgresql_where=known,
        sqlite_where=known,
    )
