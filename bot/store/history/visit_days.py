"""On which business days a member came, and how often; with what cards merged into theirs brought
along."""

from datetime import date

from sqlalchemy import func, or_, select

from ..engine.db import UnitOfWork
from ..tables import activities, members


def between(uow: UnitOfWork, member_id: int, start: date, end: date) -> dict[date, int]:
    """Visits by business day in the half-open range; days without one are not in it."""
    day = activities.c.business_date
    merged = select(members.c.id).where(members.c.merged_into == member_id)
    found = (
        select(day, func.count())
        .where(
            or_(activities.c.member_id == member_id, activities.c.member_id.in_(merged)),
            activities.c.what.like("Visit %"),
            activities.c.undone_at.is_(None),
            day >= start,
            day < end,
        )
        .group_by(day)
    )
    return {on: int(count) for on, count in uow.run(found)}
