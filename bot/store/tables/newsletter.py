"""The newsletter's tables: its issues, and which of them members opened."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, Text, text

from .base import metadata, of_member
from .types import BigInt, UtcDateTime

#: `contents` (JSON) is the issue as it was written, `picture` a JPEG of the `ratio`. It can be read
#: by anybody from `sent_at` on; it was queued for `recipients` members, who had asked for it.
#: `revision` counts what became of its words, so that two who change them see each other. `state`
#: is an `IssueState`, since `state_at`. While it is sent, members up to the id `reached` have been
#: asked for, in their order; `all_queued`: that were all.
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
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("state", String(8), nullable=False, server_default="draft"),
    Column("state_at", UtcDateTime),
    Column("reached", BigInt, nullable=False, server_default="0"),
    Column("all_queued", Boolean, nullable=False, server_default=text("false")),
)

#: That a member opened an issue, the first time.
newsletter_reads = Table(
    "newsletter_reads",
    metadata,
    of_member(primary_key=True),
    Column("issue", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
