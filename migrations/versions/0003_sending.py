"""Sending: attempts of their own, the month's quota, the pace, what journeys need in the outbox."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _index_where(status: str, name: str, table: str, columns: list[str]) -> None:
    where = sa.text(f"status = '{status}'")
    op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)


def upgrade() -> None:
    op.create_table(
        "send_attempts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_tried_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_attempts")),
    )
    _index_where("open", "ix_send_attempts_open", "send_attempts", ["next_try_at"])
    op.create_index("ix_send_attempts_first_tried_at", "send_attempts", ["first_tried_at"])
    op.create_table(
        "quota",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=True),
        sa.Column("used_line", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("next_ask_at", UtcDateTime(), nullable=True),
        sa.Column("own_when_asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_own", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hold_until", UtcDateTime(), nullable=True),
        sa.Column("hold_reason", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_quota")),
    )
    op.create_table(
        "rate_buckets",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_buckets")),
    )
    _widen_the_outbox()


def _widen_the_outbox() -> None:
    for column in (
        sa.Column("priority", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("channel", sa.String(length=4), server_default="line", nullable=False),
        sa.Column("arm", sa.String(length=40), nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("attempt_id", sa.String(length=36), nullable=True),
        sa.Column("alone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("outbox", column)
    op.drop_index("ix_outbox_due", "outbox")
    due = ["channel", "priority", "not_before", "member_id"]
    _index_where("queued", "ix_outbox_due", "outbox", due)
    _index_where("sending", "ix_outbox_attempt_id", "outbox", ["attempt_id"])
    for statement in _MOVE_WHAT_IS_ON_ITS_WAY:
        op.execute(statement)
    for name in ("body", "retry_key", "leased_until"):
        op.drop_column("outbox", name)


#: What was tried and may have arrived becomes an attempt, under the key it was tried with.
_MOVE_WHAT_IS_ON_ITS_WAY = (
    """
    INSERT INTO send_attempts (
        id, kind, recipients, body, first_tried_at, tries, next_try_at, status)
    SELECT outbox.retry_key, 'push', 1,
        '{"to":"' || members.line_user_id || '","messages":' || outbox.body || '}',
        outbox.first_tried_at, outbox.attempts, outbox.not_before, 'open'
    FROM outbox JOIN members ON members.id = outbox.member_id
    WHERE outbox.status = 'queued' AND outbox.retry_key IS NOT NULL AND outbox.body IS NOT NULL
        AND members.line_user_id <> ''
    """,
    """
    UPDATE outbox SET status = 'sending', attempt_id = retry_key
    WHERE retry_key IN (SELECT id FROM send_attempts)
    """,
    """
    UPDATE outbox SET status = 'uncertain', reason = 'body_missing'
    WHERE status = 'queued' AND retry_key IS NOT NULL
    """,
)
