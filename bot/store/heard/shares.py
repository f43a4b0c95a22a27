"""What members put on social media, of each by number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, delete, select, update

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import shares

Proof = Literal["link", "staff"]


@dataclass(frozen=True, slots=True)
class Share:
    """One share."""

    member_id: int
    n: int
    #: Its link's.
    code: str
    #: Which of the lines to choose from, from 1 on.
    line: int
    at: datetime
    business_date: date
    #: When somebody else came by its link first; None: nobody has.
    opened_at: datetime | None = None
    #: By what it was proven; None: it is still to be.
    proven_by: Proof | None = None
    #: Of the browser and network in which the member opened it themselves.
    own_mark: str | None = None


def put(uow: UnitOfWork, share: Share) -> None:
    """Writes a share anew, or over what it was."""
    values = {name: getattr(share, name) for name in Share.__dataclass_fields__}
    if uow.insert_new(shares, [values]):
        return
    mine = (shares.c.member_id == share.member_id) & (shares.c.n == share.n)
    uow.run(update(shares).where(mine).values(values))


def by_code(uow: UnitOfWork, member_id: int, code: str) -> Share | None:
    """The member's share with that link."""
    mine = (shares.c.member_id == member_id) & (shares.c.code == code)
    return _one(uow, select(shares).where(mine))


def newest(uow: UnitOfWork, cards: Collection[int]) -> Share | None:
    """What was shared last for these cards."""
    mine = select(shares).where(shares.c.member_id.in_(cards))
    return _one(uow, mine.order_by(shares.c.at.desc(), shares.c.n.desc()).limit(1))


def shared_by(uow: UnitOfWork, cards: Collection[int]) -> list[Share]:
    """All that was shared for these cards, the oldest first."""
    mine = select(shares).where(shares.c.member_id.in_(cards))
    return [_share(row) for row in uow.run(mine.order_by(shares.c.at, shares.c.n))]


def next_n(uow: UnitOfWork, member_id: int) -> int:
    """The number of the next one of the member, whose row is locked."""
    return next_number(uow, shares.c.n, member_id=member_id)


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    uow.run(delete(shares).where(shares.c.member_id.in_(member_ids)))


def _one(uow: UnitOfWork, found: Select[Any]) -> Share | None:
    row: Row[Any] | None = uow.run(found).first()
    return _share(row) if row else None


def _share(row: Row[Any]) -> Share:
    return Share(**{name: getattr(row, name) for name in Share.__dataclass_fields__})
