"""Until when a card counted that was replaced: a scan kept from before is judged by that."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("issue_before", sa.Integer(), nullable=True))
    op.add_column("members", sa.Column("issued_at", UtcDateTime(), nullable=True))
