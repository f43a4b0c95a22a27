"""Until when somebody has signed up for events, so that nobody else's scan looks for them."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("events_until", UtcDateTime))
    op.execute(
        "UPDATE members SET events_until = (SELECT max(event_sittings.ends_at) FROM event_places"
        " JOIN event_sittings ON event_sittings.event_id = event_places.event_id"
        " AND event_sittings.n = event_places.n WHERE event_places.member_id = members.id)"
    )
