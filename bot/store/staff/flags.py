"""Unusual patterns at the counter, kept for the owner until somebody has looked at them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from rules.programme.counter import Flag, FlagKind

from ..engine.db import UnitOfWork
from ..tables import flags


@dataclass(frozen=True, slots=True)
class Sighting:
    """When and where a pattern was seen."""

    at: datetime
    #: The business day of `at`.
    day: date
    #: None for the whole club.
    store: str | None
    staff_id: int | None
    device_id: int | None


@dataclass(frozen=True, slots=True)
class StoredFlag:
    """A flag as it is kept."""

    id: int
    kind: FlagKind
    place: Sighting
    member_id: int | None
    details: dict[str, Any]
    #: None while nobody has looked at it.
    seen_at: datetime | None
    #: The member of staff who has; None where it came to an end by itself.
    seen_by: int | None


def add(uow: UnitOfWork, found: Iterable[Flag], place: Sighting) -> int:
    """Keeps the flags that are new by their key; gives how many were."""
    rows = [
        {
            "key": flag.key,
            "kind": flag.kind,
            "at": place.at,
            "business_date": place.day,
            "store": place.store,
            "staff_id": place.staff_id,
            "device_id": place.device_id,
            "member_id": flag.member_id,
            "details": json.dumps(flag.details),
        }
        for flag in found
    ]
    return uow.insert_new(flags, rows)


def page(
    uow: UnitOfWork, *, store: str | None, limit: int, before: int | None = None
) -> list[StoredFlag]:
    """The newest flags of `store` (None: of all), those nobody has looked at first; below number
    `before` if given, and then only those looked at."""
    wanted = select(flags).where(*_at(store))
    if before is not None:
        wanted = wanted.where(flags.c.id < before, flags.c.seen_at.is_not(None))
    order = (flags.c.seen_at.is_not(None), flags.c.id.desc())
    return [_stored_flag(row) for row in uow.run(wanted.order_by(*order).limit(limit))]


def of_the_club(uow: UnitOfWork, *, limit: int) -> list[StoredFlag]:
    """The newest of the whole club that nobody has looked at."""
    wanted = select(flags).where(flags.c.store.is_(None), flags.c.seen_at.is_(None))
    return [_stored_flag(row) for row in uow.run(wanted.order_by(flags.c.id.desc()).limit(limit))]


def unseen(uow: UnitOfWork, *, store: str | None) -> int:
    """How many nobody has looked at."""
    waiting = select(func.count()).where(flags.c.seen_at.is_(None), *_at(store))
    return int(uow.run(waiting).scalar_one())


def mark_seen(
    uow: UnitOfWork, flag_id: int, *, store: str | None, by: int, at: datetime
) -> StoredFlag | None:
    """Notes that somebody has looked at it; None when somebody had, or it isn't there for them."""
    row = uow.run(
        update(flags)
        .where(flags.c.id == flag_id, flags.c.seen_at.is_(None), *_at(store))
        .values(seen_at=at, seen_by=by)
        .returning(*flags.c)
    ).first()
    return _stored_flag(row) if row else None


def solved(
    uow: UnitOfWork, kinds: Sequence[FlagKind], *, at: datetime, but: str | None = None
) -> None:
    """Puts away what has come to an end by itself, the flag with the key `but` aside: nobody needs
    to look at it any more."""
    over = (flags.c.kind.in_(kinds), flags.c.seen_at.is_(None), flags.c.key != (but or ""))
    if uow.run(select(flags.c.id).where(*over).limit(1)).first() is not None:
        uow.run(update(flags).where(*over).values(seen_at=at))


def _at(store: str | None) -> tuple[ColumnElement[bool], ...]:
    """Those of the store; what is of the whole club concerns whoever manages any part of it."""
    return () if store is None else (or_(flags.c.store == store, flags.c.store.is_(None)),)


def _stored_flag(row: Row[Any]) -> StoredFlag:
    place = Sighting(row.at, row.business_date, row.store, row.staff_id, row.device_id)
    return StoredFlag(
        row.id, row.kind, place, row.member_id, json.loads(row.details), row.seen_at, row.seen_by
    )
