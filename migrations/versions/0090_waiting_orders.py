"""Orders that wait for somebody are found without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

_WAITS = {
    "ix_orders_waiting": "refused IS NOT NULL",
    "ix_orders_unclaimed": "slip IS NOT NULL AND claimed_id IS NULL",
}


def upgrade() -> None:
    for name, waits in _WAITS.items():
        some = sa.text(waits)
        op.create_index(
            name,
            "orders",
            ["told_at", "system", "order_id"],
            postgresql_where=some,
            sqlite_where=some,
        )
