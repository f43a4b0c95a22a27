"""Warnings count once they left, and points are kept by what the member does. `flask migrate` works
out anew, for members of before, when they last did something and when their membership rested."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ABOUT_IT = """
    SELECT 1 FROM outbox WHERE outbox.member_id = lots.member_id
    AND outbox.journey = 'points_expiring'
    AND substr(outbox.period, 1, 10) = CAST(lots.warned_for AS VARCHAR(10))
"""


def upgrade() -> None:
    # They were noted when they were queued: those that never left, or wait still, are owed.
    op.execute(
        sa.text(f"""
            UPDATE lots SET warned_on = NULL, warned_for = NULL, warnings = 0
            WHERE warnings > 0 AND "left" > 0 AND (
                NOT EXISTS ({_ABOUT_IT} AND outbox.status = 'sent')
                OR EXISTS ({_ABOUT_IT} AND outbox.status IN ('queued', 'sending'))
            )
        """)
    )
    op.execute(sa.text("UPDATE members SET away_since = NULL WHERE erased_at IS NULL"))
