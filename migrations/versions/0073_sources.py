"""Where members come from, and what it cost."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("store", sa.String(40)),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("dropped_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("code", name=op.f("uq_sources_code")),
    )
    op.create_table(
        "member_sources",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("source_id", BigInt, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_sources_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_sources")),
    )
    op.create_index("ix_member_sources_source", "member_sources", ["source_id", "day", "member_id"])
    op.create_table(
        "source_costs",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("source_id", BigInt, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("yen", BigInt, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", BigInt),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_costs")),
    )
    op.create_index("ix_source_costs_source", "source_costs", ["source_id", "first"])
    op.create_table(
        "source_figures",
        sa.Column("source_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("figure", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "figure", "day", name=op.f("pk_source_figures")),
    )
