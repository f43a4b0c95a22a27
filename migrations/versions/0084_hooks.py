"""Webhooks out: receivers, events, and what came of telling them."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook_endpoints",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("topics", sa.String(100), nullable=False),
        sa.Column("store", sa.String(40)),
        sa.Column("secret", sa.String(400), nullable=False),
        sa.Column("secret_at", UtcDateTime, nullable=False),
        sa.Column("old_secret", sa.String(400)),
        sa.Column("old_until", UtcDateTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("off_at", UtcDateTime),
        sa.Column("off_reason", sa.String(12)),
        sa.Column("told_at", UtcDateTime),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("taken_at", UtcDateTime),
        sa.Column("rests_until", UtcDateTime),
        sa.Column("dropped_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_endpoints")),
    )
    op.create_table(
        "hook_events",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("member_id", BigInt),
        sa.Column("sequence", BigInt, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_hook_events_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_events")),
    )
    op.create_index("ix_hook_events_member", "hook_events", ["member_id"])
    op.create_index("ix_hook_events_made_at", "hook_events", ["made_at"])
    op.create_table(
        "hook_deliveries",
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("endpoint_id", BigInt, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("first_tried_at", UtcDateTime),
        sa.Column("tried_at", UtcDateTime),
        sa.Column("answer_status", sa.SmallInteger),
        sa.Column("answer", sa.String(500)),
        sa.Column("problem", sa.String(12)),
        sa.PrimaryKeyConstraint("event_id", "endpoint_id", name=op.f("pk_hook_deliveries")),
    )
    op.create_index(
        "ix_hook_deliveries_due",
        "hook_deliveries",
        ["endpoint_id", "due_at"],
        postgresql_where=sa.text("status = 'queued'"),
        sqlite_where=sa.text("status = 'queued'"),
    )
    op.create_index("ix_hook_deliveries_made", "hook_deliveries", ["endpoint_id", "made_at"])
    op.create_table(
        "hook_counts",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("sequence", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_hook_counts_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_hook_counts")),
    )
