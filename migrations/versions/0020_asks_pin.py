"""A device on which nobody gets in by a tap alone."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "devices",
        sa.Column("asks_pin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
