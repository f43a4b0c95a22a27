"""The keys by which other systems ask us."""

from sqlalchemy import Column, Date, String, Table, Text

from .base import metadata
from .types import BigInt, UtcDateTime

#: `client` is whose key it is: keys that follow one another for the same system share it, so that
#: what was done under one is known under the next. `scopes` are what it may do, with blanks between
#: them; `store` None is every store. `token_hash` is all that we know of the key itself, and
#: `prefix` how it begins, by which people tell keys apart. Times are the wall's.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("client", BigInt, nullable=False),
    Column("name", String(60), nullable=False),
    Column("prefix", String(20), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("store", String(40)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", BigInt),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("used_on", Date),
)
