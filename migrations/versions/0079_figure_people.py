"""How members stand in the figures, cohorts, and what members did night by night. The sums hold
nothing but what the histories tell: they are made anew."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("figures", "figure_lives", "figure_marks"):
        op.drop_table(table)
    op.create_table(
        "figures",
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("rank", sa.String(40), nullable=False),
        sa.Column("figure", sa.String(60), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("store", "rank", "figure", "day", name=op.f("pk_figures")),
    )
    _of_member(
        "figure_lives",
        sa.Column("life", sa.LargeBinary, nullable=False),
        sa.Column("counted_on", sa.Date, nullable=False),
        sa.Column("moves_on", sa.Date),
    )
    moves = sa.text("moves_on IS NOT NULL")
    op.create_index(
        op.f("ix_figure_lives_moves_on"),
        "figure_lives",
        ["moves_on", "member_id"],
        postgresql_where=moves,
        sqlite_where=moves,
    )
    _of_member(
        "figure_marks",
        sa.Column("figure", sa.String(60), nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rank", sa.String(40), nullable=False),
        sa.Column("months", sa.Integer, nullable=False),
        key=("figure", "store"),
    )
    op.create_index(
        op.f("ix_figure_marks_figure"),
        "figure_marks",
        ["figure", "store", "day", "member_id", "rank"],
    )
    _of_member(
        "figure_people",
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("yen", BigInt, nullable=False),
        key=("store",),
    )
    for column in ("last_on", "visits", "yen"):
        op.create_index(
            op.f(f"ix_figure_people_{column}"), "figure_people", ["store", column, "member_id"]
        )
    counts = ("members", "came", "visits", "tapped", "taps", "wrote", "messages", "silent")
    op.create_table(
        "engagement_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_engagement_days")),
    )


def _of_member(table: str, *columns: sa.Column[object], key: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        sa.Column("member_id", BigInt, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f(f"fk_{table}_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", *key, name=op.f(f"pk_{table}")),
    )
