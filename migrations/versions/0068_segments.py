"""Filters of members with a name, and what members are listed and filtered by."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segments",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("contents", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", BigInt),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
        sa.UniqueConstraint("name", name=op.f("uq_segments_name")),
    )
    stands = sa.text("erased_at IS NULL AND merged_into IS NULL")
    for column in ("visits", "balance"):
        op.create_index(
            f"ix_members_{column}",
            "members",
            [column, "id"],
            postgresql_where=stands,
            sqlite_where=stands,
        )
    is_visit = sa.text("what LIKE 'Visit %' AND undone_at IS NULL")
    op.create_index(
        "ix_activities_visits",
        "activities",
        ["member_id", "business_date", "store"],
        postgresql_where=is_visit,
        sqlite_where=is_visit,
    )
