"""Codes for a web shop, which rewards hand out."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_FREE = sa.text("member_id IS NULL")
_GIVEN = sa.text("member_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "reward_codes",
        sa.Column("reward", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.String(120), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=True),
        sa.Column("back_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("reward", "number", name=op.f("pk_reward_codes")),
    )
    op.create_index("ux_reward_codes_sealed", "reward_codes", ["reward", "sealed"], unique=True)
    op.create_index(
        "ix_reward_codes_free",
        "reward_codes",
        ["reward", "number"],
        postgresql_where=_FREE,
        sqlite_where=_FREE,
    )
    op.create_index(
        "ix_reward_codes_member_id",
        "reward_codes",
        ["member_id"],
        postgresql_where=_GIVEN,
        sqlite_where=_GIVEN,
    )
