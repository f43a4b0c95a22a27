"""Who is due: members that a nightly job must look at, in pages by id (never by OFFSET)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, TextClause, and_, false, func, or_, select

from ..engine.db import Store, UnitOfWork
from ..tables import lots, members
from ..tables.club import STANDS
from .ticks import columns_filled

PAGE = 500


def settling(store: Store, *, day: date) -> Iterator[int]:
    """Members with a week or month to judge that ended by `day`."""
    return _pages(store, members.c.settle_on <= day)


def off_ladder(store: Store, ranks: Iterable[str]) -> Iterator[int]:
    """Members who hold a rank that is none of these."""
    return _pages(store, members.c.rank.is_not(None), members.c.rank.not_in(list(ranks)))


def ranked(store: Store) -> Iterator[int]:
    """Active members who hold a rank."""
    return _pages(store, members.c.rank.is_not(None), members.c.membership == "active")


def with_birth_month(store: Store, *, month: int) -> Iterator[int]:
    born = (members.c.birth_month == month, members.c.membership == "active")
    return _pages(store, *born, STANDS)


def first_joined_at(uow: UnitOfWork) -> datetime | None:
    """When the first of all members joined; None where there is nobody yet."""
    first: datetime | None = uow.run(select(func.min(members.c.joined_at))).scalar()
    return first


def joined_on(store: Store, spans: list[tuple[datetime, datetime]]) -> Iterator[int]:
    """Active members who joined within one of the half-open spans."""
    within = [and_(members.c.joined_at >= start, members.c.joined_at < end) for start, end in spans]
    return _pages(store, or_(false(), *within), members.c.membership == "active")


def with_lots_expiring(store: Store, *, before: date) -> Iterator[int]:
    """Members with points left in a lot that expires on or before `before`."""
    has_such = (
        select(lots.c.no)
        .where(lots.c.member_id == members.c.id, lots.c.left > 0, lots.c.expires_on <= before)
        .exists()
    )
    return _pages(store, members.c.balance > 0, has_such, members.c.erased_at.is_(None))


def inactive(store: Store, *, since: date) -> Iterator[int]:
    """Members with points and no activity after `since`."""
    return _pages(
        store,
        members.c.balance > 0,
        members.c.active_on <= since,
        members.c.erased_at.is_(None),
    )


def _pages(store: Store, *conditions: ColumnElement[bool] | TextClause) -> Iterator[int]:
    last = 0
    while True:
        with store.read() as uow:
            query = select(members.c.id).where(members.c.id > last, *conditions)
            page = list(uow.run(query.order_by(members.c.id).limit(PAGE)).scalars())
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def slice_after(uow: UnitOfWork, member_id: int, *, limit: int) -> list[int]:
    """The next members by id, the erased ones too."""
    query = select(members.c.id).where(members.c.id > member_id).order_by(members.c.id)
    return list(uow.run(query.limit(limit)).scalars())


def everyone(store: Store) -> Iterator[int]:
    """All members there ever were, the erased ones too."""
    return _pages(store)


def without_line(store: Store) -> Iterator[int]:
    """Members whose card is on paper alone."""
    stands = (members.c.erased_at.is_(None), members.c.merged_into.is_(None))
    return _pages(store, *stands, members.c.line_user_id.is_(None), members.c.membership != "left")


def stale(store: Store, *, columns: str) -> Iterator[int]:
    """Members whose row lacks what an older version of this program didn't write; all there ever
    were, where it wrote other days of journeys than `columns`."""
    with store.read() as uow:
        lacking = _lacking(uow, columns)
    return _pages(store, *lacking)


def count_stale(uow: UnitOfWork, *, columns: str) -> int:
    lacking = _lacking(uow, columns)
    return int(uow.run(select(func.count()).select_from(members).where(*lacking)).scalar_one())


def _lacking(uow: UnitOfWork, columns: str) -> list[ColumnElement[bool]]:
    if columns_filled(uow) != columns:
        return []
    return [members.c.erased_at.is_(None), members.c.away_since.is_(None)]


def count_members(uow: UnitOfWork) -> int:
    return int(uow.run(select(func.count()).select_from(members)).scalar_one())


def id_span(uow: UnitOfWork) -> range:
    """From the first member's id to the last one's, whoever of them is there."""
    first, last = uow.run(select(func.min(members.c.id), func.max(members.c.id))).one()
    return range(first or 0, (last or -1) + 1)
