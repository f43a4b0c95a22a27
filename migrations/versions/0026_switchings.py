"""A campaign is switched on and off at moments of a day, so that what comes late is judged by its
own.

What was on for a day was on from before it began, in any time zone.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    switchings = op.create_table(
        "switchings",
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            "business_date", "store", "campaign", "at", name=op.f("pk_switchings")
        ),
    )
    switches = sa.table(
        "switches",
        sa.column("store", sa.String),
        sa.column("business_date", sa.Date),
        sa.column("campaign", sa.String),
    )
    before = sa.literal(datetime(2000, 1, 1, tzinfo=UTC), UtcDateTime())
    known = sa.select(switches, before, sa.true())
    names = ["store", "business_date", "campaign", "at", "is_on"]
    op.execute(sa.insert(switchings).from_select(names, known))
    op.drop_table("switches")
