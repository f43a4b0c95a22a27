"""An index by which answers that were to be pushed are found among all messages."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ANSWERS = sa.text("journey = 'messages'")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_answers",
        "outbox",
        ["queued_at"],
        postgresql_where=_ANSWERS,
        sqlite_where=_ANSWERS,
    )
