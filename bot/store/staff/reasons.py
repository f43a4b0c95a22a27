"""Why staff did what they did, in their own words: beside the audit log, which nobody can change,
and only as long as the member is somebody."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select

from ..engine.db import UnitOfWork
from ..tables import reasons

#: Whose, and the outside key under which it was done.
ReasonKey = tuple[int, str]


def add(uow: UnitOfWork, member_id: int, key: str, words: str) -> None:
    """Keeps the `words`; a key gives its reason once."""
    uow.run(insert(reasons).values(member_id=member_id, key=key, words=words))


def of(uow: UnitOfWork, wanted: Iterable[ReasonKey]) -> dict[ReasonKey, str]:
    """Those that are known."""
    members, keys = {each[0] for each in wanted}, {each[1] for each in wanted}
    rows = uow.run(select(reasons).where(reasons.c.member_id.in_(members), reasons.c.key.in_(keys)))
    return {(row.member_id, row.key): row.words for row in rows}


def all_of(uow: UnitOfWork, member_id: int) -> list[str]:
    """All that are kept of one member."""
    mine = select(reasons.c.words).where(reasons.c.member_id == member_id)
    return list(uow.run(mine.order_by(reasons.c.key)).scalars())


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    uow.run(delete(reasons).where(reasons.c.member_id.in_(member_ids)))
