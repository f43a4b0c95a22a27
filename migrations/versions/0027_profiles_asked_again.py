"""What somebody is called on LINE is asked again: where that failed, and from time to time."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_accounts", sa.Column("profile_due_at", UtcDateTime(), nullable=True))
