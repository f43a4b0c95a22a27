"""What was done lately and can be undone, from the audit log: by a device, or about a member."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select

from rules.activity import Activity

from ..engine.db import UnitOfWork
from ..history import history
from ..tables import activities, audit_log, entries


@dataclass(frozen=True, slots=True)
class UndoableAction:
    """Something logged that changed a member's history."""

    #: The log's word for it.
    action: str
    #: Its outside key.
    key: str
    member_id: int
    staff_id: int | None
    at: datetime
    #: What it came to; 0 once it is undone.
    points: int
    undone: bool
    #: What it was, in order.
    recorded: tuple[Activity, ...]


#: Never undone by themselves: how somebody came to be a member, and what the night took.
_FOR_GOOD = ("Registration %", "Expiry %")


def undoable_on(uow: UnitOfWork, *, device_id: int, limit: int) -> list[UndoableAction]:
    """What that device did that can be undone or was, newest first."""
    return _undoable(uow, audit_log.c.device_id == device_id, limit=limit)


def undoable_by(uow: UnitOfWork, *, staff_id: int, limit: int) -> list[UndoableAction]:
    """What that member of staff did on no registered device, newest first."""
    whose = and_(audit_log.c.device_id.is_(None), audit_log.c.staff_id == staff_id)
    return _undoable(uow, whose, limit=limit)


def _undoable(uow: UnitOfWork, whose: ColumnElement[bool], *, limit: int) -> list[UndoableAction]:
    its = and_(activities.c.member_id == audit_log.c.member_id, activities.c.key == audit_log.c.key)
    stands = select(activities.c.seq).where(its, activities.c.undone_at.is_(None)).exists()
    for_good = [activities.c.what.like(kind) for kind in _FOR_GOOD]
    points = (
        select(func.coalesce(func.sum(entries.c.points), 0))
        .join(
            activities,
            and_(activities.c.member_id == entries.c.member_id, activities.c.seq == entries.c.seq),
        )
        .where(its)
        .scalar_subquery()
    )
    found = (
        select(audit_log, stands.label("stands"), points.label("points"))
        .where(
            whose,
            audit_log.c.action != "undo",
            select(activities.c.seq).where(its).exists(),
            *(~select(activities.c.seq).where(its, kind).exists() for kind in for_good),
        )
        .order_by(audit_log.c.id.desc())
        .limit(limit)
    )
    rows = uow.run(found).all()
    recorded = history.under_keys(uow, [(row.member_id, row.key) for row in rows])
    return [_as_undoable(row, recorded[row.member_id, row.key]) for row in rows]


def _as_undoable(row: Row[Any], recorded: tuple[Activity, ...]) -> UndoableAction:
    return UndoableAction(
        row.action,
        row.key,
        row.member_id,
        row.staff_id,
        row.at,
        int(row.points),
        not row.stands,
        recorded,
    )
