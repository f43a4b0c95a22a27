"""Who has their birthday in a month is counted in an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

_STANDS = "erased_at IS NULL AND merged_into IS NULL"


def upgrade() -> None:
    op.drop_index("ix_members_birth_month", "members")
    op.create_index(
        "ix_members_birth_month",
        "members",
        ["birth_month", "id", "membership", "visits"],
        postgresql_where=sa.text(_STANDS),
        sqlite_where=sa.text(_STANDS),
    )
