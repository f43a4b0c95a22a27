"""The programme: its versions, and the next one while it is written."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from .base import metadata
from .types import BigInt, UtcDateTime

programs = Table(
    "programs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
)

#: A programme that somebody of the shop is writing, one at a time: `base` is the version that it
#: began with, `revision` counts its changes, so that of two who change it neither loses anything.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("written_by", BigInt),
)

#: What the owner was offered and doesn't want now, with the moment of that.
put_offs = Table(
    "put_offs",
    metadata,
    Column("what", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

#: Art of the shop's own, handed in from a browser: a PNG by a name that follows from it.
arts = Table(
    "arts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)
