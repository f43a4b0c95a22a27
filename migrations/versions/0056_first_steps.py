"""A club is begun in the console: what was told of it so far, and LINE's channel."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import UtcDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_steps",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("session", sa.String(64), nullable=True),
        sa.Column("session_until", UtcDateTime, nullable=True),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("done", sa.String(200), nullable=False),
        sa.Column("login", sa.String(60), nullable=True),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("password_hash", sa.Text, nullable=True),
        sa.Column("channel_secret", sa.Text, nullable=True),
        sa.Column("channel_token", sa.Text, nullable=True),
        sa.Column("channel_account", sa.String(200), nullable=True),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_steps")),
    )
    op.create_table(
        "line_channel",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("connected_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_channel")),
    )
