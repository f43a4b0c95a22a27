"""An issue of the newsletter is sent by the clock, which notes how far it has come."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.String(8), server_default="draft", nullable=False),
        sa.Column("state_at", UtcDateTime()),
        sa.Column("reached", BigInt, server_default="0", nullable=False),
        sa.Column("all_queued", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("newsletter_issues", column)
    op.execute(
        "UPDATE newsletter_issues SET state = 'done', state_at = sent_at, all_queued = true "
        "WHERE sent_at IS NOT NULL"
    )
