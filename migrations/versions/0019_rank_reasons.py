"""What comes back is no promotion, nor what came over with another card. `flask migrate` works out
anew, for whoever had a rank, by what it came."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.text("""
            UPDATE members SET away_since = NULL
            WHERE erased_at IS NULL AND id IN (SELECT member_id FROM rank_changes)
        """)
    )
