"""Letters that complain of something are marked, so that staff read them first."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "inbox", sa.Column("complaint", sa.Boolean(), nullable=False, server_default=sa.false())
    )
