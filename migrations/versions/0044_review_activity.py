"""As which activity a review was recorded, so that what it brought can be taken back."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

#: What earned at once was recorded under the key of its words.
_KNOWN = """
    UPDATE reviews SET counted_for = member_id, counted_seq = (
        SELECT MIN(activities.seq) FROM activities
        WHERE activities.member_id = reviews.member_id AND activities.key = reviews.key
            AND activities.what LIKE 'Occasion %'
    )
    WHERE status = 'counted' AND key IS NOT NULL AND EXISTS (
        SELECT 1 FROM activities
        WHERE activities.member_id = reviews.member_id AND activities.key = reviews.key
            AND activities.what LIKE 'Occasion %'
    )
"""


def upgrade() -> None:
    op.add_column("reviews", sa.Column("counted_for", BigInt))
    op.add_column("reviews", sa.Column("counted_seq", sa.Integer()))
    op.execute(_KNOWN)
