"""Orders that couldn't be written down are found without looking at all."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_orders_refused",
        "orders",
        ["system", "told_at"],
        postgresql_where=sa.text("refused IS NOT NULL"),
        sqlite_where=sa.text("refused IS NOT NULL"),
    )
