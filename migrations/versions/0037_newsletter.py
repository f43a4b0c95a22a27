"""The newsletter: its issues, and who opened which."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "newsletter_issues",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("ratio", sa.String(12), server_default="", nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("recipients", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_issues")),
    )
    op.create_table(
        "newsletter_reads",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("issue", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_newsletter_reads_member_id_members"),
        ),
        sa.PrimaryKeyConstraint("member_id", "issue", name=op.f("pk_newsletter_reads")),
    )
