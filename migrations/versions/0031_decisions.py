"""What was decided of the journeys' tests, and an index by which a journey's rows are counted."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TESTED = sa.text("arm IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "journey_decisions",
        sa.Column("journey", sa.String(40), nullable=False),
        sa.Column("version", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(8), nullable=False),
        sa.Column("arm", sa.String(40)),
        sa.Column("word", sa.String(8)),
        sa.Column("about", sa.Float),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("episodes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("journey", "version", "number", name=op.f("pk_journey_decisions")),
    )
    op.create_index(
        "ix_outbox_journey",
        "outbox",
        ["journey", "queued_at"],
        postgresql_where=_TESTED,
        sqlite_where=_TESTED,
    )
