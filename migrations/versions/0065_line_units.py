"""What LINE counts of the messages that were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_units",
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("journey", sa.String(40), nullable=False),
        sa.Column("arm", sa.String(40), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer()),
        sa.Column("tapped", sa.Integer()),
        sa.Column("asked_on", sa.Date()),
        sa.Column("ask_on", sa.Date()),
        sa.PrimaryKeyConstraint("unit", "first_on", name=op.f("pk_line_units")),
    )
    op.create_index("ix_line_units_journey", "line_units", ["journey", "first_on"])
    is_asked = sa.text("ask_on IS NOT NULL")
    op.create_index(
        "ix_line_units_ask_on", "line_units", ["ask_on"],
        postgresql_where=is_asked, sqlite_where=is_asked,
    )  # fmt: skip
