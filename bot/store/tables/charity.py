"""What was handed over to charities, of the points that members gave."""

from sqlalchemy import Column, Date, Integer, String, Table

from .base import metadata
from .types import BigInt, UtcDateTime

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
