"""Filters of members that have a name, and by what members are listed and filtered."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from .base import metadata, partial_index
from .club import STANDS, activities, members
from .types import BigInt, UtcDateTime

#: `contents` (JSON) is the filter (`rules.broadcasts.broadcast.Whom`); `slug` is what the programme
#: and events call it, which stays; `revision` counts changes, so that two who change it see each
#: other.
segments = Table(
    "segments",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("slug", String(40), nullable=False, server_default=""),
    Column("contents", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("written_by", BigInt),
)
Index("uq_segments_slug", segments.c.slug, unique=True)

#: In these orders the owner lists members.
for _name in ("visits", "balance"):
    partial_index(f"ix_members_{_name}", members.c[_name], members.c.id, where=STANDS)

#: By what is counted who subscribes, without reading their rows.
_SUBSCRIBED = text("subscribed_until IS NOT NULL")
partial_index(
    "ix_members_subscribed",
    members.c.subscribed_until,
    members.c.subscribed_from,
    members.c.membership,
    members.c.merged_into,
    members.c.subscriptions,
    where=_SUBSCRIBED,
)

#: Visits, by member and day, without reading what else somebody did. Written out, or SQLite would
#: not find that a partial index is meant.
IS_VISIT = text("activities.what LIKE 'Visit %' AND activities.undone_at IS NULL")
_IS_VISIT = text("what LIKE 'Visit %' AND undone_at IS NULL")
partial_index(
    "ix_activities_visits",
    activities.c.member_id,
    activities.c.business_date,
    activities.c.store,
    where=_IS_VISIT,
)
