"""Posters, flyers and signs by which members come: kept, and whom each brought."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, or_, select, true, update

from rules.figures.sources import SourceCost, SourceKind, unnamed

from ..engine.db import UnitOfWork
from ..tables import member_sources, members, source_costs, sources
from . import mergers

#: How it is known by which source somebody came.
How = Literal["chat", "counter"]
#: No database holds a larger id than that, nor has any shop so many.
_ID_MAX = 10**9


@dataclass(frozen=True, slots=True)
class MemberSource:
    """Something by which members come."""

    id: int
    #: As it stands in the link.
    code: str
    name: str
    kind: SourceKind
    #: None: of all of the shop.
    store: str | None
    revision: int
    made_at: datetime
    #: Since when it is no longer put up; None: it is.
    closed_at: datetime | None = None
    #: Since when it is not listed any more; None: it is.
    dropped_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.dropped_at is None


@dataclass(frozen=True, slots=True)
class SourceCredit:
    """That a member came by a source."""

    member_id: int
    source_id: int
    #: The business day on which they joined.
    day: date
    at: datetime
    how: How


@dataclass(frozen=True, slots=True)
class SourceFields:
    """What an owner says of a source."""

    name: str
    kind: SourceKind
    store: str | None


def every(uow: UnitOfWork, *, store: str | None = None) -> list[MemberSource]:
    """All there ever were, those that are put up first; of one store alone, if one is named."""
    its = sources.c.store == store if store is not None else true()
    rows = uow.run(select(sources).where(its).order_by(sources.c.id.desc()))
    found = [_source(row) for row in rows]
    return sorted(found, key=lambda each: (each.dropped_at is not None, each.closed_at is not None))


def get(uow: UnitOfWork, source_id: int, *, lock: bool = False) -> MemberSource | None:
    """With `lock` it is nobody else's until the transaction ends."""
    if not 0 < source_id < _ID_MAX:
        return None
    query = select(sources).where(sources.c.id == source_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _source(row) if row else None


def by_code(uow: UnitOfWork, code: str) -> MemberSource | None:
    row = uow.run(select(sources).where(sources.c.code == code)).first()
    return _source(row) if row else None


def add(uow: UnitOfWork, code: str, fields: SourceFields, *, at: datetime) -> bool:
    """Keeps a new one; False where the code is another's."""
    row = {
        "code": code, "name": fields.name, "kind": fields.kind, "store": fields.store,
        "revision": 1, "made_at": at,
    }  # fmt: skip
    return bool(uow.insert_new(sources, [row]))


def change(uow: UnitOfWork, source: MemberSource, **values: object) -> None:
    """Changes a locked one."""
    its = update(sources).where(sources.c.id == source.id)
    uow.run(its.values(revision=source.revision + 1, **values))


def costs(uow: UnitOfWork, source_ids: Collection[int]) -> list[SourceCost]:
    """What was paid for those, the latest first."""
    if not source_ids:
        return []
    rows = uow.run(
        select(source_costs)
        .where(source_costs.c.source_id.in_(source_ids))
        .order_by(source_costs.c.first.desc(), source_costs.c.id.desc())
    )
    return [_cost(row) for row in rows]


def cost(uow: UnitOfWork, cost_id: int, *, lock: bool = False) -> SourceCost | None:
    """With `lock` it is nobody else's until the transaction ends."""
    if not 0 < cost_id < _ID_MAX:
        return None
    query = select(source_costs).where(source_costs.c.id == cost_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _cost(row) if row else None


def put_cost(uow: UnitOfWork, paid: SourceCost, *, by: int | None, at: datetime) -> None:
    """Keeps a cost: a new one where its id is 0, else what somebody made of a locked one."""
    values = {
        "source_id": paid.source_id, "first": paid.first, "last": paid.last, "yen": paid.yen,
        "revision": paid.revision, "written_at": at, "written_by": by,
    }  # fmt: skip
    if not paid.id:
        uow.insert_new(source_costs, [values])
        return
    uow.run(update(source_costs).where(source_costs.c.id == paid.id).values(**values))


def drop_cost(uow: UnitOfWork, cost_id: int) -> None:
    uow.run(delete(source_costs).where(source_costs.c.id == cost_id))


def credit(uow: UnitOfWork, row: SourceCredit) -> bool:
    """Notes by which source a member came, if nothing was noted yet; the figures follow."""
    values = {name: getattr(row, name) for name in SourceCredit.__dataclass_fields__}
    if not uow.insert_new(member_sources, [values]):
        return False
    uow.run(update(members).where(members.c.id == row.member_id).values(figures_due=true()))
    return True


def of_member(uow: UnitOfWork, member_id: int) -> MemberSource | None:
    """By which source a member came, with whichever of their cards; the first of them."""
    query = (
        select(sources)
        .join(member_sources, member_sources.c.source_id == sources.c.id)
        .where(member_sources.c.member_id.in_(mergers.with_absorbed(uow, member_id)))
        .order_by(member_sources.c.day, member_sources.c.at)
        .limit(1)
    )
    row = uow.run(query).first()
    return _source(row) if row else None


def came_by(uow: UnitOfWork, cards: Collection[int]) -> dict[int, int]:
    """Of these cards' members by which source they came, or that it was a friend's invitation;
    nothing of those of whom neither is known."""
    rows = uow.run(
        select(members.c.id, members.c.referred_by, member_sources.c.source_id)
        .outerjoin(member_sources, member_sources.c.member_id == members.c.id)
        .where(
            members.c.id.in_(cards),
            or_(members.c.referred_by.is_not(None), member_sources.c.source_id.is_not(None)),
        )
    )
    return {row.id: row.source_id or unnamed("referral") for row in rows}


def _source(row: Row[Any]) -> MemberSource:
    return MemberSource(**row._mapping)


def _cost(row: Row[Any]) -> SourceCost:
    known = row._mapping
    names = ("id", "source_id", "first", "last", "yen", "revision")
    return SourceCost(**{name: known[name] for name in names})
