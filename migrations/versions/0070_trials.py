"""What the inner circle tries, and who took which part in it."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("contents", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("off_at", UtcDateTime),
        sa.Column("outcome", sa.Text),
        sa.Column("outcome_at", UtcDateTime),
        sa.Column("invited_at", UtcDateTime),
        sa.Column("invited", sa.Integer, nullable=False, server_default="0"),
        sa.Column("saying", sa.String(10)),
        sa.Column("saying_after", BigInt),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
    )
    op.create_table(
        "trial_parts",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("trial_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("sample_no", sa.Integer),
        sa.Column("sampled_at", UtcDateTime),
        sa.Column("sampled_key", sa.String(200)),
        sa.Column("fetched_at", UtcDateTime),
        sa.Column("fetched_key", sa.String(200)),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("choice", sa.String(1)),
        sa.Column("voted_at", UtcDateTime),
        sa.PrimaryKeyConstraint("member_id", "trial_id", name=op.f("pk_trial_parts")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_trial_parts_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["trials.id"], name=op.f("fk_trial_parts_trial_id_trials")
        ),
    )
    op.create_index("ix_trial_parts_trial_id", "trial_parts", ["trial_id", "member_id"])
    op.create_index(
        "ix_trial_parts_to_ask",
        "trial_parts",
        ["fetched_at"],
        postgresql_where=sa.text("fetched_at IS NOT NULL AND asked_at IS NULL"),
        sqlite_where=sa.text("fetched_at IS NOT NULL AND asked_at IS NULL"),
    )
