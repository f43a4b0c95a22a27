"""Who brought friends, and whom."""

from collections.abc import Collection

from sqlalchemy import func, select

from ..engine.db import UnitOfWork
from ..tables import members


def most(uow: UnitOfWork, *, limit: int) -> list[tuple[int, int]]:
    """Those who brought the most, with how many; erased friends are none any more."""
    count = func.count()
    found = (
        select(members.c.referred_by, count)
        .where(members.c.referred_by.is_not(None), members.c.erased_at.is_(None))
        .group_by(members.c.referred_by)
        .order_by(count.desc(), members.c.referred_by)
        .limit(limit)
    )
    return [(int(row[0]), int(row[1])) for row in uow.run(found)]


def brought(uow: UnitOfWork, cards: Collection[int], *, limit: int) -> list[int]:
    """The newest whom the holder of these cards brought."""
    theirs = members.c.referred_by.in_(cards) & members.c.erased_at.is_(None)
    found = select(members.c.id).where(theirs).order_by(members.c.joined_at.desc(), members.c.id)
    return list(uow.run(found.limit(limit)).scalars())
