"""Cases, in which what members wrote is answered; what staff did for a member; and how members
don't want to be turned to. Each letter of before is a case of its own."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("moved", sa.Integer, nullable=False),
        sa.Column("assigned_to", BigInt),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("helped", sa.Boolean),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_cases_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_open", "cases", ["due_at"], postgresql_where=_OPEN, sqlite_where=_OPEN
    )
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_index("ix_cases_last_at", "cases", ["last_at"])
    op.create_table(
        "contacts",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("staff_id", BigInt),
        sa.Column("case_number", sa.Integer),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_contacts_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_contacts")),
    )
    op.create_table(
        "refused_ways",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_refused_ways_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "way", name=op.f("pk_refused_ways")),
    )
    op.add_column("inbox", sa.Column("case_number", sa.Integer))
    op.create_index("ix_inbox_member", "inbox", ["member_id", "case_number"])
    op.execute(_NUMBERED)
    op.execute(_CASES)


#: What a friend without a card wrote belongs to nobody whom a case could be of.
_NUMBERED = """
UPDATE inbox SET case_number = (
    SELECT count(*) FROM inbox AS before
    WHERE before.member_id = inbox.member_id AND before.id <= inbox.id
) WHERE member_id IS NOT NULL
"""
_CASES = """
INSERT INTO cases (
    member_id, number, reason, state, opened_at, last_at, due_at, moved, answered_at
)
SELECT
    member_id,
    case_number,
    CASE WHEN complaint THEN 'complaint' WHEN kind = 'feedback' THEN 'suggestion'
         WHEN kind = 'survey' THEN 'absence' ELSE 'question' END,
    CASE WHEN answered_at IS NULL THEN 'open' ELSE 'closed' END,
    at, coalesce(answered_at, at), at, 1, answered_at
FROM inbox WHERE member_id IS NOT NULL
"""
