"""What the programme's file calls a segment, and in which somebody was when something was done."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("segments", sa.Column("slug", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE segments SET slug = 'segment_' || id")
    op.create_index("uq_segments_slug", "segments", ["slug"], unique=True)
    op.add_column("activities", sa.Column("segments", sa.Text, nullable=False, server_default=""))
