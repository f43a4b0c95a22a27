"""From when to when members subscribe to something; nobody does yet."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("subscribed_from", sa.Date))
    op.add_column("members", sa.Column("subscribed_until", sa.Date))
