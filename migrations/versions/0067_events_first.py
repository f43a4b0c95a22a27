"""Whether some members are told of an event only when it opens to them."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "events",
        sa.Column("invite_rest", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
