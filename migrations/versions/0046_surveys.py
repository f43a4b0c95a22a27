"""Surveys: when a member was asked which, and what they answered to each question."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_rounds",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("survey", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("begun_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("touched_at", UtcDateTime()),
        sa.Column("asking", sa.String(40)),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_survey_rounds_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "survey", "n", name=op.f("pk_survey_rounds")),
    )
    op.create_index("ix_survey_rounds_asked", "survey_rounds", ["survey", "asked_at"])
    op.create_table(
        "survey_answers",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("survey", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("number", sa.SmallInteger),
        sa.Column("least", sa.SmallInteger),
        sa.Column("most", sa.SmallInteger),
        sa.Column("choice", sa.String(40)),
        sa.Column("words", sa.Text),
        sa.Column("key", sa.String(200)),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_survey_answers_member_id_members")
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "survey", "n", "question", name=op.f("pk_survey_answers")
        ),
    )
    op.create_index("ix_survey_answers_key", "survey_answers", ["key"])
    op.create_index("ix_survey_answers_survey", "survey_answers", ["survey", "question"])
