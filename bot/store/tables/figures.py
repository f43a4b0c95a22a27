"""The club in figures: sums of each day, what each person adds to them, and whom they counted."""

from sqlalchemy import Column, Date, Index, LargeBinary, String, Table

from .base import metadata, of_member
from .types import BigInt

#: A figure of a business day, of one store and one rank, or of all ("" each; "-" is the rank of
#: who has none). A level is kept as its steps: it is the sum of all days until then.
figures = Table(
    "figures",
    metadata,
    Column("store", String(40), primary_key=True),
    Column("rank", String(40), primary_key=True),
    Column("figure", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", BigInt, nullable=False),
)

#: What of a member stands in the sums (`rules.figures.life`, packed); what somebody did who was
#: merged into another stands with that one.
figure_lives = Table(
    "figure_lives",
    metadata,
    of_member(primary_key=True),
    Column("life", LargeBinary, nullable=False),
)

#: Whom a figure counted, on which day the last time, and the rank they held then: for the people
#: behind a figure. `store` "" is any.
figure_marks = Table(
    "figure_marks",
    metadata,
    of_member(primary_key=True),
    Column("figure", String(20), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("day", Date, nullable=False),
    Column("rank", String(40), nullable=False),
)
Index(
    "ix_figure_marks_figure",
    figure_marks.c.figure,
    figure_marks.c.store,
    figure_marks.c.day,
    figure_marks.c.member_id,
    figure_marks.c.rank,
)
