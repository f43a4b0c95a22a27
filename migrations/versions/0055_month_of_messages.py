"""Indexes by which the month's messages are counted: what was sent, and what ended otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_SENT = sa.text("status = 'sent'")
_UNSENT = sa.text("status IN ('skipped', 'failed', 'uncertain', 'held_out')")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_sent_at",
        "outbox",
        ["sent_at", "status", "channel", "journey", "priority", "topic"],
        postgresql_where=_SENT,
        sqlite_where=_SENT,
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["queued_at", "status", "reason"],
        postgresql_where=_UNSENT,
        sqlite_where=_UNSENT,
    )
