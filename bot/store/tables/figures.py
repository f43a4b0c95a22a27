"""The club in figures: sums of each day, what each person adds to them, and whom they counted."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, text

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: A figure of a business day, of one store and one rank, or of all ("" each; "-" is the rank of
#: who has none; what is told of no single rank has a sheet in its place, such as "*cohorts"). A
#: level is kept as its steps: it is the sum of all days until then.
figures = Table(
    "figures",
    metadata,
    Column("store", String(40), primary_key=True),
    Column("rank", String(40), primary_key=True),
    Column("figure", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", BigInt, nullable=False),
)

#: What of a member stands in the sums (`rules.figures.life`, packed), as it was on `counted_on`;
#: from `moves_on` on it is something else, whatever they do. What somebody did who was merged into
#: another stands with that one.
figure_lives = Table(
    "figure_lives",
    metadata,
    of_member(primary_key=True),
    Column("life", LargeBinary, nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("moves_on", Date),
)
_MOVES = text("moves_on IS NOT NULL")
partial_index(
    "ix_figure_lives_moves_on", figure_lives.c.moves_on, figure_lives.c.member_id, where=_MOVES
)

#: Whom a figure counted, on which day the last time, and the rank they held then: for the people
#: behind a figure. `store` "" is any. `months`: of a cohort, in which of the months after it they
#: came, a bit for each.
figure_marks = Table(
    "figure_marks",
    metadata,
    of_member(primary_key=True),
    Column("figure", String(60), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("day", Date, nullable=False),
    Column("rank", String(40), nullable=False),
    Column("months", Integer, nullable=False),
)
Index(
    "ix_figure_marks_figure",
    figure_marks.c.figure,
    figure_marks.c.store,
    figure_marks.c.day,
    figure_marks.c.member_id,
    figure_marks.c.rank,
)

#: How members stand on the day on which they were counted last, at a store or ("") at all: when
#: they last came, and how often and for how much in the year up to then (`rules.figures.standing`).
figure_people = Table(
    "figure_people",
    metadata,
    of_member(primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("last_on", Date, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("yen", BigInt, nullable=False),
)
for _column in ("last_on", "visits", "yen"):
    Index(
        f"ix_figure_people_{_column}",
        figure_people.c.store,
        figure_people.c[_column],
        figure_people.c.member_id,
    )

#: What members did in the weeks before, as it was counted in each night (`rules.heard.engagement`).
engagement_days = Table(
    "engagement_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("counted_at", UtcDateTime, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in (
            "members", "came", "visits", "tapped", "taps", "wrote", "messages", "silent",
        )
    ),
)  # fmt: skip
