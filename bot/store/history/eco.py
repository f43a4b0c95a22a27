"""How often members were kind to the earth in a span of days: one of them, and all together."""

import json
from collections import Counter
from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from ..engine.db import UnitOfWork
from ..tables import activities

# Written out, or SQLite would not find that the partial index is meant.
_IS_ECO = and_(activities.c.what.like(literal_column("'Eco %'")), activities.c.undone_at.is_(None))


def _within(since: date, before: date) -> ColumnElement[bool]:
    return and_(_IS_ECO, activities.c.business_date >= since, activities.c.business_date < before)


def of_member(uow: UnitOfWork, member_id: int, since: date, before: date) -> Counter[str]:
    """How often the member did each eco action, by its id, from the day `since` to `before`."""
    mine = (
        select(activities.c.what, func.count())
        .where(activities.c.member_id == member_id, _within(since, before))
        .group_by(activities.c.what)
    )
    return Counter(
        {json.loads(what.partition(" ")[2])["action"]: count for what, count in uow.run(mine)}
    )


def of_club(uow: UnitOfWork, since: date, before: date) -> int:
    """How often all members did one in those days."""
    everybody = select(func.count()).select_from(activities).where(_within(since, before))
    return int(uow.run(everybody).scalar_one())
