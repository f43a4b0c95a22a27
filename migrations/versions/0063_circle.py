"""The inner circle: who has a seat in it."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circle_seats",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("ground", sa.String(10), nullable=False),
        sa.Column("invited_at", UtcDateTime()),
        sa.Column("joined_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_circle_seats_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_circle_seats")),
    )
    op.create_index("ix_circle_seats_state", "circle_seats", ["state", "joined_at"])
