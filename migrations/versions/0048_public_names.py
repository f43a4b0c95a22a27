"""What somebody of the staff is called to members; nothing until they choose it."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    name = sa.Column("public_name", sa.String(20), server_default="", nullable=False)
    op.add_column("staff", name)
