"""What is done to many members at once."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("contents", sa.Text, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", BigInt, nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_bulks_open", "bulks", ["id"], postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_table(
        "bulk_members",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("bulk_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("fate", sa.String(40)),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_bulk_members_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "bulk_id", name=op.f("pk_bulk_members")),
    )
    op.create_index("ix_bulk_members_bulk", "bulk_members", ["bulk_id", "member_id"])
