"""A broadcast may go to a part of the members first, in versions."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcasts", sa.Column("stage", sa.String(5)))
    op.add_column("broadcasts", sa.Column("chosen", sa.String(1)))
    op.add_column("broadcasts", sa.Column("chosen_at", UtcDateTime))
