"""What members put on social media, and by whom it was proven."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("line", sa.SmallInteger, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("proven_by", sa.String(8)),
        sa.Column("own_mark", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_shares_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "n", name=op.f("pk_shares")),
    )
