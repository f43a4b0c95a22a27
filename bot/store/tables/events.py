"""Events: what they are, when they take place, and who comes."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime


def _written() -> tuple[Column[Any], ...]:
    """Columns of what an owner writes, publishes and calls off: `contents` (JSON) as they wrote it.
    `revision` counts its changes, by which somebody sees that a colleague was quicker."""
    return (
        Column("id", BigInt, primary_key=True),
        Column("contents", Text, nullable=False),
        Column("state", String(10), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("made_at", UtcDateTime, nullable=False),
        Column("off_at", UtcDateTime),
    )


#: `off_at`: when it was cancelled. `invited_at`: when its owner let it be told to whom it is for,
#: `invited` to how many it was; `inviting_after` is the last member who was looked at for it, NULL
#: while nobody is left to look at. `invite_rest`: some weren't told since it wasn't open to them
#: yet, and are when it is.
events = Table(
    "events",
    metadata,
    *_written(),
    Column("invited_at", UtcDateTime),
    Column("inviting_after", BigInt),
    Column("invite_rest", Boolean, nullable=False, server_default=text("false")),
    Column("invited", Integer, nullable=False, server_default="0"),
)

#: When an event takes place, of which each has a number of its own. `next_no` is the next number in
#: the order of those who signed up. `reminded_at` and `thanked_at`: when that was queued.
event_sittings = Table(
    "event_sittings",
    metadata,
    Column("event_id", BigInt, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("places", Integer, nullable=False),
    Column("next_no", Integer, nullable=False, server_default="1"),
    Column("reminded_at", UtcDateTime),
    Column("thanked_at", UtcDateTime),
)
Index("ix_event_sittings_ends_at", event_sittings.c.ends_at)

#: Somebody's place, or their wish for one, at a sitting: one for each event. `no` is the order in
#: which they signed up, anew each time; `until` when an offer ends. `told_at`: when somebody whom
#: LINE doesn't reach was told of what is to be told of its `state`. `came_at`, and `came_key`, the
#: outside key of the visit by which it is known.
event_places = Table(
    "event_places",
    metadata,
    of_member(primary_key=True),
    Column("event_id", BigInt, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("via", String(10), nullable=False),
    Column("until", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("came_at", UtcDateTime),
    Column("came_key", String(200)),
)
Index(
    "ix_event_places_order",
    event_places.c.event_id,
    event_places.c.n,
    event_places.c.state,
    event_places.c.no,
)

#: How somebody stands to the inner circle: `state` since `at`, and by which door they said so;
#: `ground` is why they were asked. `invited_at`: when staff asked them last; `joined_at`: when they
#: came in last.
circle_seats = Table(
    "circle_seats",
    metadata,
    of_member(primary_key=True),
    Column("state", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("via", String(10), nullable=False),
    Column("ground", String(10), nullable=False),
    Column("invited_at", UtcDateTime),
    Column("joined_at", UtcDateTime),
)
Index("ix_circle_seats_state", circle_seats.c.state, circle_seats.c.joined_at)

#: What the inner circle tries. `off_at`: when it ended early, or was cancelled; `outcome` (JSON):
#: what came of it. `saying` is what members are being told of it (invite, off, outcome), and
#: `saying_after` the last member who was looked at for it; both NULL while nobody is left to tell.
trials = Table(
    "trials",
    metadata,
    *_written(),
    Column("outcome", Text),
    Column("outcome_at", UtcDateTime),
    Column("invited_at", UtcDateTime),
    Column("invited", Integer, nullable=False, server_default="0"),
    Column("saying", String(10)),
    Column("saying_after", BigInt),
)

#: What somebody did in a trial: their sample, `sample_no` in the order in which they were taken,
#: with the outside keys by which it was taken and fetched; when they were asked about it; and their
#: vote. `told` is what a person told last whom LINE doesn't reach, who may have done nothing yet.
trial_parts = Table(
    "trial_parts",
    metadata,
    of_member(primary_key=True),
    Column("trial_id", BigInt, ForeignKey("trials.id"), primary_key=True, autoincrement=False),
    Column("sample_no", Integer),
    Column("sampled_at", UtcDateTime),
    Column("sampled_key", String(200)),
    Column("fetched_at", UtcDateTime),
    Column("fetched_key", String(200)),
    Column("asked_at", UtcDateTime),
    Column("choice", String(1)),
    Column("voted_at", UtcDateTime),
    Column("told", String(10)),
    Column("told_at", UtcDateTime),
)
Index("ix_trial_parts_trial_id", trial_parts.c.trial_id, trial_parts.c.member_id)
_TO_ASK = text("fetched_at IS NOT NULL AND asked_at IS NULL")
partial_index("ix_trial_parts_to_ask", trial_parts.c.fetched_at, where=_TO_ASK)
