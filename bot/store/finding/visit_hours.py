"""At what time of the day visits happened, counted over some weeks."""

from datetime import date, datetime, time

from sqlalchemy import Integer, cast, extract, func, select

from rules.programme.visit_hours import CountedVisits

from ..engine.db import UnitOfWork
from ..tables import activities, members

_QUARTER_MINUTES = 15


def between(uow: UnitOfWork, start: date, end: date) -> list[CountedVisits]:
    """The visits of the business days in the half-open range, by day, store and quarter of an hour:
    every clock that a shop may have differs from UTC by whole quarters. What was imported is left
    out: its day is known, and seldom its hour.

    One statement, which reads through the history and gives a row for each quarter that had visits.
    """
    at = activities.c.at if uow.is_sqlite else func.timezone("UTC", activities.c.at)
    hour = cast(extract("hour", at), Integer)
    quarter = cast(extract("minute", at), Integer) // _QUARTER_MINUTES
    clock = (hour * 60 + quarter * _QUARTER_MINUTES).label("clock")
    key = (activities.c.business_date, activities.c.store, clock)
    found = (
        select(*key, func.count())
        .where(
            activities.c.business_date >= start,
            activities.c.business_date < end,
            activities.c.what.like("Visit %"),
            activities.c.made_by != "import",
            activities.c.undone_at.is_(None),
        )
        .group_by(*key)
    )
    return [
        CountedVisits(day, store, time(*divmod(minutes, 60)), int(visits))
        for day, store, minutes, visits in uow.run(found)
    ]


def count_here_since(uow: UnitOfWork, since: datetime) -> int:
    """How many active members came then or later."""
    here = select(func.count()).where(
        members.c.last_visit_at >= since,
        members.c.membership == "active",
        members.c.erased_at.is_(None),
        members.c.merged_into.is_(None),
    )
    return int(uow.run(here).scalar_one())
