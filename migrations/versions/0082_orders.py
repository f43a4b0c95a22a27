"""Orders of tills and web shops."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("system", sa.String(40), nullable=False),
        sa.Column("order_id", sa.String(100), nullable=False),
        sa.Column("store", sa.String(40)),
        sa.Column("known", sa.Text, nullable=False),
        sa.Column("named_id", BigInt),
        sa.Column("claimed_id", BigInt),
        sa.Column("member_id", BigInt),
        sa.Column("seq", sa.Integer),
        sa.Column("sale", sa.Text, nullable=False),
        sa.Column("returns", sa.Text, nullable=False),
        sa.Column("refused", sa.String(40)),
        sa.Column("slip", sa.String(12)),
        sa.Column("told_at", UtcDateTime, nullable=False),
        sa.Column("over", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("system", "order_id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_slip", "orders", ["slip"])
    op.create_index("ix_orders_member_id", "orders", ["member_id", "seq"])
    op.create_index("ix_orders_named_id", "orders", ["named_id"])
    op.create_index("ix_orders_claimed_id", "orders", ["claimed_id"])
