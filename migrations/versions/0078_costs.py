"""What the club costs: given away, sent, and still to be given."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_figures",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_cost_figures")),
    )
    op.create_table(
        "message_figures",
        sa.Column("journey", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("journey", "day", name=op.f("pk_message_figures")),
    )
    op.create_table(
        "held_vouchers",
        sa.Column("reward", sa.String(40), nullable=False),
        sa.Column("in_hand", sa.Integer, nullable=False),
        sa.Column("ends_soon", sa.Integer, nullable=False),
        sa.Column("counted_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("reward", name=op.f("pk_held_vouchers")),
    )
