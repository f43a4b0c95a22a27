"""Receipts of the hours after midnight are known by two days, and hyphens tell two numbers apart.

Of numbers kept before, hyphens are gone; such a number is every one that only lacks them. A hyphen
that was typed as a long vowel had stayed, and is one now.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts_by_day",
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("after_midnight", sa.Boolean, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(
            "store", "issued_on", "number", "after_midnight", name="pk_receipts_by_day"
        ),
    )
    op.execute(
        "INSERT INTO receipts_by_day SELECT store, issued_on, replace(number, 'ー', '-'), false,"
        " member_id, seq FROM receipts"
    )
    op.drop_table("receipts")
    op.rename_table("receipts_by_day", "receipts")
