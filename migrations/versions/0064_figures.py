"""The club in figures: sums of each day, what each member adds, and whom they counted."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Everybody is to be counted.
    op.add_column(
        "members",
        sa.Column("figures_due", sa.Boolean, nullable=False, server_default=sa.true()),
    )
    op.create_index(
        "ix_members_figures_due",
        "members",
        ["id"],
        postgresql_where=sa.text("figures_due"),
        sqlite_where=sa.text("figures_due"),
    )
    op.create_table(
        "figures",
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("rank", sa.String(40), nullable=False),
        sa.Column("figure", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("store", "rank", "figure", "day", name=op.f("pk_figures")),
    )
    op.create_table(
        "figure_lives",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("life", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_figure_lives_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_figure_lives")),
    )
    op.create_table(
        "figure_marks",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("figure", sa.String(20), nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rank", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_figure_marks_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "figure", "store", name=op.f("pk_figure_marks")),
    )
    op.create_index(
        op.f("ix_figure_marks_figure"),
        "figure_marks",
        ["figure", "store", "day", "member_id", "rank"],
    )
