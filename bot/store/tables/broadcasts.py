"""What owners write to many at once."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, text

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: A broadcast: `contents` (JSON) as an owner wrote it; `revision` counts changes of any kind, so
#: that two who change it see each other. `state` is a `rules.broadcasts.life.State`. It waits for
#: `send_at`, began to be sent at `began_at`, and is over since `ended_at`. Members up to the id
#: `reached` have been asked for, in their order; `all_queued`: that were all. `halted`: the code of
#: why it was paused by itself. `stage`: "first" while only a part of the members is written, in
#: versions or before the others; "rest" from `chosen_at` on, when it goes to those, `chosen` of
#: several versions; None where it goes to all at once.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("contents", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("written_by", BigInt),
    Column("send_at", UtcDateTime),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("reached", BigInt, nullable=False, server_default="0"),
    Column("all_queued", Boolean, nullable=False, server_default=text("false")),
    Column("halted", String(40)),
    Column("stage", String(5)),
    Column("chosen", String(1)),
    Column("chosen_at", UtcDateTime),
)
#: Those that the clock has something to do for.
IS_OPEN_BROADCAST = text("state <> 'draft' AND ended_at IS NULL")
partial_index("ix_broadcasts_open", broadcasts.c.id, where=IS_OPEN_BROADCAST)

#: That a member tapped the button of a broadcast, the first time.
broadcast_taps = Table(
    "broadcast_taps",
    metadata,
    of_member(primary_key=True),
    Column("broadcast", BigInt, primary_key=True, index=True),
    Column("at", UtcDateTime, nullable=False),
)
