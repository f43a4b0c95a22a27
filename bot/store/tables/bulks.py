"""What is done to many members at once."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: `kind` is a `rules.broadcasts.bulk.BulkKind`; `contents` (JSON) says what is done. It is done to
#: those of `bulk_members`, who were chosen at `made_at`, in the order of their ids; over since
#: `ended_at`.
bulks = Table(
    "bulks",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("contents", Text, nullable=False),
    Column("members", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", BigInt, nullable=False),
    Column("store", String(40), nullable=False),
    Column("ended_at", UtcDateTime),
)
#: Those that the clock has something to do for.
IS_OPEN_BULK = text("ended_at IS NULL")
partial_index("ix_bulks_open", bulks.c.id, where=IS_OPEN_BULK)

#: `fate` is what became of it for that member: done, or the code of a refusal; NULL: not yet.
bulk_members = Table(
    "bulk_members",
    metadata,
    of_member(primary_key=True),
    Column("bulk_id", BigInt, primary_key=True, autoincrement=False),
    Column("fate", String(40)),
)
Index("ix_bulk_members_bulk", bulk_members.c.bulk_id, bulk_members.c.member_id)
