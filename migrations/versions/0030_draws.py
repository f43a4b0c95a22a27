"""A journey's message keeps of its draw how likely a visit was, and being held back.

Rows of before have neither: they were drawn once for each member, and count once for each.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("chance", sa.Float(), nullable=True))
    op.add_column("outbox", sa.Column("share", sa.Float(), nullable=True))
