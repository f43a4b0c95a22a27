"""What is done to many members at once, and how far it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, literal, null, select, update

from rules.broadcasts.bulk import Bulk

from ..engine.db import UnitOfWork
from ..messages.crowds import CrowdAsked, are_meant
from ..messages.segments import ID_MAX
from ..tables import IS_OPEN_BULK, bulk_members, bulks, members
from ..tables.club import STANDS


@dataclass(frozen=True, slots=True)
class StoredBulk:
    """Something that is done to many, and how far it is."""

    id: int
    bulk: Bulk
    #: How many were chosen.
    members: int
    made_at: datetime
    #: Who of the staff chose them, and at which store they were.
    made_by: int
    store: str
    ended_at: datetime | None


def add(uow: UnitOfWork, bulk: Bulk, *, by: int, store: str, at: datetime) -> int:
    """Keeps a new one, which is done to nobody yet; gives its id."""
    row = {
        "kind": bulk.kind, "contents": bulk.model_dump_json(exclude_defaults=True), "members": 0,
        "made_at": at, "made_by": by, "store": store,
    }  # fmt: skip
    return int(uow.run(insert(bulks).values(row).returning(bulks.c.id)).scalar_one())


def choose(uow: UnitOfWork, bulk_id: int, asked: CrowdAsked, ids: Collection[int] | None) -> int:
    """Chooses whom is asked for, or those of `ids` who are among them; gives how many. One
    statement, however many they are."""
    found = select(members.c.id, literal(bulk_id), null()).where(*are_meant(asked))
    if ids is not None:
        found = found.where(members.c.id.in_(list(ids)))
    uow.run(insert(bulk_members).from_select(["member_id", "bulk_id", "fate"], found))
    its = bulk_members.c.bulk_id == bulk_id
    many = int(uow.run(select(func.count()).select_from(bulk_members).where(its)).scalar_one())
    uow.run(update(bulks).where(bulks.c.id == bulk_id).values(members=many))
    return many


def drop(uow: UnitOfWork, bulk_id: int) -> None:
    uow.run(delete(bulk_members).where(bulk_members.c.bulk_id == bulk_id))
    uow.run(delete(bulks).where(bulks.c.id == bulk_id))


def get(uow: UnitOfWork, bulk_id: int, *, lock: bool = False) -> StoredBulk | None:
    """With `lock` it is nobody else's until the transaction ends."""
    if not 0 < bulk_id < ID_MAX:
        return None
    query = select(bulks).where(bulks.c.id == bulk_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _stored(row) if row else None


def newest(uow: UnitOfWork, *, limit: int) -> list[StoredBulk]:
    query = select(bulks).order_by(bulks.c.id.desc()).limit(limit)
    return [_stored(row) for row in uow.run(query)]


def opened(uow: UnitOfWork) -> list[int]:
    """Those that the clock has something to do for."""
    return list(uow.run(select(bulks.c.id).where(IS_OPEN_BULK).order_by(bulks.c.id)).scalars())


def waiting(uow: UnitOfWork, bulk_id: int, *, limit: int) -> list[int]:
    """The next ones for whom it isn't done yet."""
    its = (bulk_members.c.bulk_id == bulk_id, bulk_members.c.fate.is_(None))
    query = select(bulk_members.c.member_id).where(*its)
    return list(uow.run(query.order_by(bulk_members.c.member_id).limit(limit)).scalars())


def settle(uow: UnitOfWork, bulk_id: int, member_id: int, fate: str) -> None:
    """Notes what became of it for that member."""
    this = (bulk_members.c.bulk_id == bulk_id, bulk_members.c.member_id == member_id)
    uow.run(update(bulk_members).where(*this).values(fate=fate))


def end(uow: UnitOfWork, bulk_id: int, at: datetime) -> None:
    uow.run(update(bulks).where(bulks.c.id == bulk_id).values(ended_at=at))


def fates(uow: UnitOfWork, bulk_id: int) -> dict[str | None, int]:
    """How many, by what became of it; None: not yet."""
    its = bulk_members.c.bulk_id == bulk_id
    rows = uow.run(
        select(bulk_members.c.fate, func.count()).where(its).group_by(bulk_members.c.fate)
    )
    return {row[0]: int(row[1]) for row in rows}


def chosen(uow: UnitOfWork, bulk_id: int, *, after: int, limit: int) -> Sequence[int]:
    """The next of those who were chosen, in the order of their ids, who stand for themselves
    still."""
    query = (
        select(members.c.id)
        .join(bulk_members, bulk_members.c.member_id == members.c.id)
        .where(bulk_members.c.bulk_id == bulk_id, members.c.id > after, STANDS)
    )
    return list(uow.run(query.order_by(members.c.id).limit(limit)).scalars())


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes that somebody who is erased was chosen, but for what is done and is only counted."""
    mine = bulk_members.c.member_id.in_(member_ids)
    uow.run(update(bulk_members).where(mine, bulk_members.c.fate.is_(None)).values(fate="erased"))


def _stored(row: Row[Any]) -> StoredBulk:
    known = dict(row._mapping)
    del known["kind"]
    return StoredBulk(bulk=Bulk.model_validate_json(known.pop("contents")), **known)
