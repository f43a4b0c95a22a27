"""Receipts have lines."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bought_lines",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("yen", sa.Integer, nullable=False),
        sa.Column("tax_yen", sa.Integer, nullable=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("bought_on", sa.Date, nullable=False),
        sa.Column("holder_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_bought_lines_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "seq", "line", name=op.f("pk_bought_lines")),
    )
    for name in ("item", "category"):
        op.create_index(
            f"ix_bought_lines_{name}", "bought_lines", [name, "bought_on", "holder_id", "left"]
        )
    op.create_index("ix_bought_lines_holder_id", "bought_lines", ["holder_id"])
    op.create_table(
        "returned_lines",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("of", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_returned_lines_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "seq", "line", name=op.f("pk_returned_lines")),
    )
