"""Who tapped a broadcast's button."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broadcast_taps",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("broadcast", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_broadcast_taps_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "broadcast", name=op.f("pk_broadcast_taps")),
    )
    op.create_index(op.f("ix_broadcast_taps_broadcast"), "broadcast_taps", ["broadcast"])
