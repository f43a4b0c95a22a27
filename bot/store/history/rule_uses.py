"""How many members earn by a rule."""

from sqlalchemy import exists, func, select

from ..engine.db import UnitOfWork
from ..tables import entries, members

_ENTRIES = 50


def users_lately(uow: UnitOfWork, rule: str, *, limit: int) -> tuple[int, int]:
    """Of the members who did something last (so many at the most), how many there are, and how many
    were given points by `rule` among their last `_ENTRIES`. No other entries are read."""
    lately = (
        select(members.c.id, members.c.entry_no)
        .where(members.c.erased_at.is_(None), members.c.merged_into.is_(None))
        .order_by(members.c.active_on.desc(), members.c.id.desc())
        .limit(limit)
        .subquery()
    )
    has = exists().where(
        entries.c.member_id == lately.c.id,
        entries.c.no > lately.c.entry_no - _ENTRIES,
        entries.c.rule == rule,
        entries.c.kind == "grant",
    )
    row = uow.run(select(func.count(), func.count().filter(has)).select_from(lately)).one()
    return int(row[0]), int(row[1])
