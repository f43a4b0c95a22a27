"""Rewards are set aside for members while a sale is open."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("client", BigInt, nullable=False),
        sa.Column("member_id", BigInt, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("holder_id", BigInt, nullable=False),
        sa.Column("reward", sa.String(40), nullable=False),
        sa.Column("voucher", sa.Integer()),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("action", sa.String(200)),
    )
    op.create_index("ix_reservations_member_id", "reservations", ["member_id"])
    op.create_index("ix_reservations_holder_id", "reservations", ["holder_id", "until"])
    op.create_index("ix_reservations_reward", "reservations", ["reward", "until"])
    op.add_column("members", sa.Column("reserved_until", UtcDateTime(), nullable=True))
