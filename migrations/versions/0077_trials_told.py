"""What a person told somebody of a trial whom LINE doesn't reach. Of what ended before, nobody need
be told: it is noted as said."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trial_parts", sa.Column("told", sa.String(10)))
    op.add_column("trial_parts", sa.Column("told_at", UtcDateTime()))
    op.execute(
        "UPDATE trial_parts SET told = (SELECT CASE WHEN state = 'cancelled' THEN 'off' ELSE"
        " 'outcome' END FROM trials WHERE trials.id = trial_parts.trial_id AND"
        " (state = 'cancelled' OR outcome IS NOT NULL))"
    )
