"""What members say in reviews, and which of it they let be shown."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("stars", sa.SmallInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("edited_at", UtcDateTime()),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("next_stars", sa.SmallInteger),
        sa.Column("key", sa.String(200)),
        sa.Column("rewarded", sa.Boolean, nullable=False),
        sa.Column("shown_as", sa.String(60)),
        sa.Column("taken_down", sa.String(10)),
        sa.Column("taken_down_at", UtcDateTime()),
        sa.Column("taken_down_by", BigInt),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_reviews_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "n", name=op.f("pk_reviews")),
    )
    shown = sa.text("status = 'counted' AND shown_as IS NOT NULL AND taken_down IS NULL")
    op.create_index(
        "ix_reviews_shown",
        "reviews",
        ["business_date", "member_id", "n"],
        postgresql_where=shown,
        sqlite_where=shown,
    )
    op.create_index("ix_reviews_at", "reviews", ["at"])
    op.create_index("ix_reviews_key", "reviews", ["key"])
