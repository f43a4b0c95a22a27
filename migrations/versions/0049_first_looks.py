"""When somebody on LINE first looked at the card or the programme."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_accounts", sa.Column("looked_at", UtcDateTime()))
