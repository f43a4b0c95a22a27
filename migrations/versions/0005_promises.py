"""What a message promises is kept beside it from the moment its words are frozen."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("promise", sa.Text(), nullable=True))
