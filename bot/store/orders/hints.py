"""Orders of which a system says that they changed, until each was fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from ..engine.db import UnitOfWork
from ..tables import order_hints as table


@dataclass(frozen=True, slots=True)
class OrderHint:
    """One of them, and how often it was said by now."""

    connection_id: int
    order_id: str
    told: int
    tries: int


def add(uow: UnitOfWork, connection_id: int, order_ids: Iterable[str], *, at: datetime) -> None:
    """Notes that those changed; each is fetched at once, also one that failed before."""
    for order_id in sorted(set(order_ids)):
        new = {
            "connection_id": connection_id, "order_id": order_id,
            "told": 0, "tries": 0, "due_at": at,
        }  # fmt: skip
        uow.insert_new(table, [new])
        again = {"told": table.c.told + 1, "due_at": at}
        uow.run(update(table).where(*_its(connection_id, order_id)).values(again))


def due(uow: UnitOfWork, *, now: datetime, most: int) -> list[OrderHint]:
    """Those to be fetched, who waits longest first."""
    query = select(table).where(table.c.due_at <= now)
    rows = uow.run(query.order_by(table.c.due_at, table.c.order_id).limit(most))
    return [OrderHint(row.connection_id, row.order_id, row.told, row.tries) for row in rows]


def done(uow: UnitOfWork, hint: OrderHint) -> None:
    """It was fetched; what was said meanwhile stays."""
    its = (*_its(hint.connection_id, hint.order_id), table.c.told == hint.told)
    uow.run(delete(table).where(*its))


def later(uow: UnitOfWork, hint: OrderHint, *, at: datetime) -> None:
    """It couldn't be fetched: again `at`."""
    its = (*_its(hint.connection_id, hint.order_id), table.c.told == hint.told)
    uow.run(update(table).where(*its).values(due_at=at, tries=table.c.tries + 1))


def waiting(uow: UnitOfWork) -> dict[int, int]:
    """How many wait, by connection."""
    query = select(table.c.connection_id, func.count()).group_by(table.c.connection_id)
    return {row[0]: row[1] for row in uow.run(query)}


def drop_all(uow: UnitOfWork, connection_id: int) -> None:
    uow.run(delete(table).where(table.c.connection_id == connection_id))


def _its(connection_id: int, order_id: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.connection_id == connection_id, table.c.order_id == order_id
