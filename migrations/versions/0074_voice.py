"""What members suggest, what cases are about, and at which store it was."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

#: What is of a store from now on, by when it was.
_AT = {"cases": "opened_at", "reviews": "at", "survey_rounds": "asked_at"}


def upgrade() -> None:
    op.add_column("cases", sa.Column("topic", sa.String(10)))
    for table, at in _AT.items():
        op.add_column(table, sa.Column("store", sa.String(40)))
        op.execute(
            f"""UPDATE {table} SET store = (
                SELECT a.store FROM activities AS a
                WHERE a.member_id = {table}.member_id AND a.what LIKE 'Visit %'
                AND a.undone_at IS NULL AND a.store IS NOT NULL AND a.at <= {table}.{at}
                ORDER BY a.seq DESC LIMIT 1)"""
        )
    op.add_column("inbox", sa.Column("suggestion_id", BigInt))
    op.add_column("inbox", sa.Column("told", sa.String(10)))
    op.add_column(
        "inbox", sa.Column("to_call", sa.Boolean, nullable=False, server_default=sa.false())
    )
    has, calls = sa.text("suggestion_id IS NOT NULL"), sa.text("to_call")
    op.create_index(
        "ix_inbox_suggestion",
        "inbox",
        ["suggestion_id", "id"],
        postgresql_where=has,
        sqlite_where=has,
    )
    op.create_index("ix_inbox_to_call", "inbox", ["id"], postgresql_where=calls, sqlite_where=calls)
    _suggestions()
    op.drop_index("ix_survey_answers_survey", "survey_answers")
    op.create_index("ix_survey_answers_survey", "survey_answers", ["survey", "question", "at"])


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("tells", sa.Boolean, nullable=False),
        sa.Column("is_shown", sa.Boolean, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("state_by", BigInt),
        sa.Column("moved", sa.Integer, nullable=False),
        sa.Column("is_telling", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index("ix_suggestions_state", "suggestions", ["state", "state_at", "id"])
    telling = sa.text("is_telling")
    op.create_index(
        "ix_suggestions_telling",
        "suggestions",
        ["id"],
        postgresql_where=telling,
        sqlite_where=telling,
    )
