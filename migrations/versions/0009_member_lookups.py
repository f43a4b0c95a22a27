"""Indexes by which it is found who uses a card in the chat, and whose history a card took over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_line_accounts_member_id", "line_accounts", ["member_id"])
    op.create_index(
        "ix_members_merged_into",
        "members",
        ["merged_into"],
        postgresql_where=_MERGED,
        sqlite_where=_MERGED,
    )
