"""Events, when they take place, and who comes."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("contents", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("off_at", UtcDateTime),
        sa.Column("invited_at", UtcDateTime),
        sa.Column("inviting_after", BigInt),
        sa.Column("invited", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_table(
        "event_sittings",
        sa.Column("event_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("next_no", sa.Integer, nullable=False, server_default="1"),
        sa.Column("reminded_at", UtcDateTime),
        sa.Column("thanked_at", UtcDateTime),
        sa.PrimaryKeyConstraint("event_id", "n", name=op.f("pk_event_sittings")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_sittings_event_id_events")
        ),
    )
    op.create_index("ix_event_sittings_ends_at", "event_sittings", ["ends_at"])
    op.create_table(
        "event_places",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("event_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("until", UtcDateTime),
        sa.Column("told_at", UtcDateTime),
        sa.Column("came_at", UtcDateTime),
        sa.Column("came_key", sa.String(200)),
        sa.PrimaryKeyConstraint("member_id", "event_id", name=op.f("pk_event_places")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_event_places_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_places_event_id_events")
        ),
    )
    op.create_index("ix_event_places_order", "event_places", ["event_id", "n", "state", "no"])
