"""What the club costs: what was given away, also to charities, what was sent, and what is still to
be given."""

from sqlalchemy import Column, Date, Index, Integer, String, Table

from .base import metadata
from .types import BigInt, UtcDateTime

#: Sums by business day (`rules.figures.costs`): vouchers used of each reward, and friends brought.
cost_figures = Table(
    "cost_figures",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", BigInt, nullable=False),
)

#: Messages sent by LINE on a day of the shop's calendar, by what sent them. The last days are
#: counted again as they go on.
message_figures = Table(
    "message_figures",
    metadata,
    Column("journey", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("sent", Integer, nullable=False),
)

#: How many vouchers of each reward members had in hand on the day when they were counted last, and
#: how many of these end within ninety days.
held_vouchers = Table(
    "held_vouchers",
    metadata,
    Column("reward", String(40), primary_key=True),
    Column("in_hand", Integer, nullable=False),
    Column("ends_soon", Integer, nullable=False),
    Column("counted_on", Date, nullable=False),
)
# All of these are asked for by their days.
Index("ix_cost_figures_day", *(cost_figures.c[name] for name in ("day", "name", "value")))
Index("ix_message_figures_day", *(message_figures.c[name] for name in ("day", "journey", "sent")))

#: `yen` for the reward with that id, to whom, on which day, by which receipt; `recorded_by` is who
#: of the staff wrote it down (NULL: by a command), `undone_at` when that was taken back.
handovers = Table(
    "handovers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reward", String(40), nullable=False),
    Column("yen", BigInt, nullable=False),
    Column("handed_on", Date, nullable=False),
    Column("recipient", String(100), nullable=False),
    Column("receipt", String(60), nullable=False),
    Column("recorded_by", BigInt),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)
