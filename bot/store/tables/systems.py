"""Other systems: the keys by which they ask us, and what they are told of what happens."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    literal_column,
)

from .base import metadata, of_member, partial_index
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

#: A receiver. `topics` stand with blanks between them; `store`: NULL for all. Secrets are sealed;
#: until `old_until` (of the wall's clock) there is a signature by `old_secret` too. Since `off_at`
#: nothing is sent, for `off_reason`; its owner was told of that at `told_at`. `failures` counts
#: tries that failed since the last that was taken, which was at `taken_at`; `rests_until`: it asked
#: to be left alone. From `dropped_at` on it is gone. `revision` counts an owner's changes.
hook_endpoints = Table(
    "hook_endpoints",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("url", String(500), nullable=False),
    Column("topics", String(100), nullable=False),
    Column("store", String(40)),
    Column("secret", String(400), nullable=False),
    Column("secret_at", UtcDateTime, nullable=False),
    Column("old_secret", String(400)),
    Column("old_until", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("off_at", UtcDateTime),
    Column("off_reason", String(12)),
    Column("told_at", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("taken_at", UtcDateTime),
    Column("rests_until", UtcDateTime),
    Column("dropped_at", UtcDateTime),
)

#: An event, once for all who hear of it, as it goes out; `body` is emptied when its member is
#: erased. `sequence` counts a member's events. `made_at` is of the wall's clock.
hook_events = Table(
    "hook_events",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("type", String(30), nullable=False),
    Column("member_id", BigInt, ForeignKey("members.id")),
    Column("sequence", BigInt, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
Index("ix_hook_events_member", hook_events.c.member_id)
Index("ix_hook_events_made_at", hook_events.c.made_at)

#: That a receiver is to hear of an event. `status`: queued, taken, failed (given up), dropped (it
#: is nothing to tell any more). `due_at` is also the end of the lease of whoever sends it now.
#: `answer_status`, `answer` (its first letters) and `problem` are of the last try.
hook_deliveries = Table(
    "hook_deliveries",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("endpoint_id", BigInt, primary_key=True, autoincrement=False),
    Column("status", String(8), nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("first_tried_at", UtcDateTime),
    Column("tried_at", UtcDateTime),
    Column("answer_status", SmallInteger),
    Column("answer", String(500)),
    Column("problem", String(12)),
)
# Written out, or SQLite would not find that a partial index is meant.
IS_TO_TELL = hook_deliveries.c.status == literal_column("'queued'")
partial_index(
    "ix_hook_deliveries_due",
    hook_deliveries.c.endpoint_id,
    hook_deliveries.c.due_at,
    where="status = 'queued'",
)
Index("ix_hook_deliveries_made", hook_deliveries.c.endpoint_id, hook_deliveries.c.made_at)

#: How many events there were of a member.
hook_counts = Table(
    "hook_counts",
    metadata,
    of_member(primary_key=True, autoincrement=False),
    Column("sequence", BigInt, nullable=False),
)

#: A till's or web shop's account whose orders we hear. `account` is what its system calls it,
#: `places` (JSON) by which of its places which store sells, all others by `store`. `client` is the
#: id of an app there; `secret` and `token` are sealed, the latter "" where there is none. Sales
#: since `since` count. Polling has read all changes up to `read_to`; `page` is where a list that
#: was begun goes on, `due_at` when it is asked next. `failures` counts questions in a row that
#: failed, the first of them at `failing_since`, for `problem`; its owner was told of that at
#: `told_at`. `heard_at` is of the last message or answer with orders. Times but `since` and
#: `read_to` are the wall's. From `dropped_at` on it is gone. `revision` counts an owner's changes.
connections = Table(
    "connections",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("system", String(20), nullable=False),
    Column("account", String(200), nullable=False),
    Column("store", String(40), nullable=False),
    Column("places", Text, nullable=False),
    Column("client", String(200), nullable=False),
    Column("secret", String(1000), nullable=False),
    Column("token", String(1000), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("off_at", UtcDateTime),
    Column("heard_at", UtcDateTime),
    Column("read_to", UtcDateTime, nullable=False),
    Column("page", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", UtcDateTime),
    Column("problem", String(20)),
    Column("told_at", UtcDateTime),
    Column("dropped_at", UtcDateTime),
)

#: An order that a system says has changed, until it was fetched. `told` counts how often it was
#: said: what is said while it is fetched is fetched again.
order_hints = Table(
    "order_hints",
    metadata,
    Column("connection_id", BigInt, primary_key=True, autoincrement=False),
    Column("order_id", String(100), primary_key=True),
    Column("told", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
)
Index("ix_order_hints_due", order_hints.c.due_at)
