"""What came of what members wrote: the activity that says so, and what it changed."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("adopted_by", BigInt, nullable=True))
    op.add_column("inbox", sa.Column("adopted_seq", sa.Integer(), nullable=True))
    op.add_column("inbox", sa.Column("adopted_text", sa.Text(), nullable=True))
