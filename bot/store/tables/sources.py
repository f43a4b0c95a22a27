"""Where members come from: posters, flyers, signs with codes of their own, and what they cost."""

from sqlalchemy import Column, Date, Index, Integer, String, Table

from .base import metadata, of_member
from .types import BigInt, UtcDateTime

#: `code` stands in the link, for as long as a poster may hang; `store`: NULL for all of the shop.
#: From `closed_at` on it is no longer put up, from `dropped_at` on no longer listed: what still
#: hangs leads to the chat all the same. `revision` counts changes.
sources = Table(
    "sources",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("code", String(8), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("store", String(40)),
    Column("revision", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("dropped_at", UtcDateTime),
)

#: By which source a member came, told when they joined or soon after; the first one counts. `how`:
#: by the chat, or because staff entered it. `day` is the business day on which they joined.
member_sources = Table(
    "member_sources",
    metadata,
    of_member(primary_key=True),
    Column("source_id", BigInt, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("how", String(8), nullable=False),
)
Index(
    "ix_member_sources_source",
    member_sources.c.source_id,
    member_sources.c.day,
    member_sources.c.member_id,
)

#: What a source cost, for the days from `first` to `last`.
source_costs = Table(
    "source_costs",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("source_id", BigInt, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("yen", BigInt, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("written_by", BigInt),
)
Index("ix_source_costs_source", source_costs.c.source_id, source_costs.c.first)

#: Sums of those who came by a source (`rules.figures.sources`), by the day on which they joined.
#: Below nought: who came without one, by how they joined.
source_figures = Table(
    "source_figures",
    metadata,
    Column("source_id", BigInt, primary_key=True, autoincrement=False),
    Column("figure", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", BigInt, nullable=False),
)
#: All sources are asked for by their days.
Index(
    "ix_source_figures_day",
    *(source_figures.c[name] for name in ("day", "source_id", "figure", "value")),
)
