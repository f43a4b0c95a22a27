"""Whose chat a review was told in, so that who told it is answered; of those of before nobody
knows."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("user_id", sa.String(64)))
