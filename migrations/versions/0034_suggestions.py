"""What a person was suggested last, so that it isn't suggested again at once."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_accounts", sa.Column("suggested", sa.String(20)))
    op.add_column("line_accounts", sa.Column("suggested_on", sa.Date))
