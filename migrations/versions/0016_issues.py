"""How many issues a card has had, so that no number is used twice."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("issues", sa.Integer(), server_default="1", nullable=False))
    op.execute(sa.text("UPDATE members SET issues = issue WHERE issue > 1"))
