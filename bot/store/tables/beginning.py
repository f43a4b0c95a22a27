"""How a club begins: what its owner has told so far, and LINE's channel as it was typed in."""

from sqlalchemy import Column, Integer, String, Table, Text

from .base import metadata
from .types import UtcDateTime

#: What somebody has told of the club they begin, one at a time: `session` is the hash of what the
#: one browser has that may go on, `done` the steps, and `begun_at` when it became this very club.
#: `channel_secret` and `channel_token` are sealed.
first_steps = Table(
    "first_steps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("session", String(64)),
    Column("session_until", UtcDateTime),
    Column("template", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("done", String(200), nullable=False),
    Column("login", String(60)),
    Column("name", String(60)),
    Column("password_hash", Text),
    Column("channel_secret", Text),
    Column("channel_token", Text),
    Column("channel_account", String(200)),
    Column("written_at", UtcDateTime, nullable=False),
    Column("begun_at", UtcDateTime),
)

#: LINE's channel, as it was connected in the console: both are sealed with keys of SECRET_KEY.
line_channel = Table(
    "line_channel",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("account", String(200), nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
)
