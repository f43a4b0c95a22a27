"""At which store somebody had come last: what they say then is mostly of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ..engine.db import UnitOfWork
from ..tables import IS_VISIT, activities


def came_last(uow: UnitOfWork, cards: Collection[int], at: datetime) -> str | None:
    """The store of the last visit with one of these cards up to then; None while there is none."""
    theirs = select(activities.c.store).where(
        activities.c.member_id.in_(cards),
        IS_VISIT,
        activities.c.store.is_not(None),
        activities.c.at <= at,
    )
    newest = theirs.order_by(activities.c.business_date.desc(), activities.c.seq.desc())
    return uow.run(newest.limit(1)).scalar()
