"""Filters of members that have a name, to be used again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from rules.broadcasts.broadcast import Whom

from ..engine.db import UnitOfWork
from ..tables import segments

#: No database holds a larger id than that, nor has any club so many.
ID_MAX = 10**9


@dataclass(frozen=True, slots=True)
class Segment:
    """A filter with its name."""

    id: int
    name: str
    #: What the programme and events call it; it stays when the name is another.
    slug: str
    whom: Whom
    revision: int
    written_at: datetime
    #: Who of the staff changed it last.
    written_by: int | None


def every(uow: UnitOfWork) -> list[Segment]:
    """All there are, by name."""
    query = select(segments).order_by(segments.c.name, segments.c.id)
    return [_segment(row) for row in uow.run(query)]


def get(uow: UnitOfWork, segment_id: int, *, lock: bool = False) -> Segment | None:
    """With `lock` it is nobody else's until the transaction ends."""
    if not 0 < segment_id < ID_MAX:
        return None
    query = select(segments).where(segments.c.id == segment_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _segment(row) if row else None


def by_slug(uow: UnitOfWork, slugs: Iterable[str], *, lock: bool = False) -> dict[str, Segment]:
    """Those of them that there are. With `lock` nobody throws one away until the transaction
    ends."""
    wanted = set(slugs)
    if not wanted:
        return {}
    query = select(segments).where(segments.c.slug.in_(wanted)).order_by(segments.c.id)
    rows = uow.run(query.with_for_update() if lock else query)
    return {row.slug: _segment(row) for row in rows}


def names_by_slug(uow: UnitOfWork) -> dict[str, str]:
    """What all are called, by name."""
    query = select(segments.c.slug, segments.c.name).order_by(segments.c.name, segments.c.id)
    return {row.slug: row.name for row in uow.run(query)}


def named(uow: UnitOfWork, name: str) -> int | None:
    """The id of the one that is called so."""
    found: int | None = uow.run(select(segments.c.id).where(segments.c.name == name)).scalar()
    return found


def names(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """What those are called."""
    wanted = {each for each in ids if 0 < each < ID_MAX}
    if not wanted:
        return {}
    rows = uow.run(select(segments.c.id, segments.c.name).where(segments.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def add(
    uow: UnitOfWork, name: str, slug: str, whom: Whom, *, by: int | None, at: datetime
) -> int | None:
    """Keeps a new one; None where another has that name."""
    row = {
        "name": name, "slug": slug, "contents": _dumped(whom), "revision": 1, "written_at": at,
        "written_by": by,
    }  # fmt: skip
    if not uow.insert_new(segments, [row]):
        return None
    return named(uow, name)


def change(
    uow: UnitOfWork, segment: Segment, *, name: str, whom: Whom, by: int | None, at: datetime
) -> None:
    """Changes a locked one."""
    its = update(segments).where(segments.c.id == segment.id)
    uow.run(
        its.values(
            name=name, contents=_dumped(whom), revision=segment.revision + 1, written_at=at,
            written_by=by,
        )
    )  # fmt: skip


def drop(uow: UnitOfWork, segment_id: int) -> None:
    uow.run(delete(segments).where(segments.c.id == segment_id))


def _dumped(whom: Whom) -> str:
    return whom.model_dump_json(exclude_defaults=True)


def _segment(row: Row[Any]) -> Segment:
    known = dict(row._mapping)
    return Segment(whom=Whom.model_validate_json(known.pop("contents")), **known)
