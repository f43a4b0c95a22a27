"""The newsletter's tables: its issues, and which of them members opened."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from .base import metadata, of_member
from .types import UtcDateTime

#: `contents` (JSON) is the issue as it was written, `picture` a JPEG of the `ratio`. It can be read
#: by anybody from `sent_at` on, when it went to `recipients` members, who had asked for it.
newsletter_issues = Table(
    "newsletter_issues",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("contents", Text, nullable=False),
    Column("picture", LargeBinary),
    Column("ratio", String(12), nullable=False, server_default=""),
    Column("added_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("recipients", Integer, nullable=False, server_default="0"),
)

#: That a member opened an issue, the first time.
newsletter_reads = Table(
    "newsletter_reads",
    metadata,
    of_member(primary_key=True),
    Column("issue", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
