"""Orders that wait for somebody: those that could not be written down, and those that nobody has
claimed yet. A page at a time, the newest word first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from ..engine.db import UnitOfWork
from ..tables import orders, slips
from .orders import OrderName, StoredOrder, order_of

_OF = orders.c
_PLACE = (_OF.told_at, _OF.system, _OF.order_id)


@dataclass(frozen=True, slots=True)
class OrderPlace:
    """Where a page of orders ended: when that one was told last, and which it is."""

    told_at: datetime
    name: OrderName


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order, and when something new was told of it last."""

    order: StoredOrder
    told_at: datetime
    #: Up to when (exclusive) its code is good, where it waits to be claimed.
    until: datetime | None = None

    @property
    def place(self) -> OrderPlace:
        return OrderPlace(self.told_at, self.order.name)


@dataclass(frozen=True, slots=True)
class OrdersAsked:
    """Which orders are asked for: of one store alone where it is named, on the page behind that
    place."""

    store: str | None = None
    after: OrderPlace | None = None
    most: int = 50


def refused(uow: UnitOfWork, asked: OrdersAsked) -> list[WaitingOrder]:
    """Those that could not be written down although their buyers are known."""
    query = select(orders).where(_OF.refused.is_not(None), *_those(asked))
    rows = uow.run(query.order_by(*(each.desc() for each in _PLACE)).limit(asked.most))
    return [WaitingOrder(order_of(row), row.told_at) for row in rows]


def claimable(
    uow: UnitOfWork, asked: OrdersAsked, *, now: datetime, within: timedelta
) -> list[WaitingOrder]:
    """Those that nobody has claimed, and still may: at most for as long as `within` after they were
    told first."""
    is_open = (
        _OF.slip.is_not(None),
        _OF.claimed_id.is_(None),
        _OF.told_at > now - within,
        slips.c.until > now,
        slips.c.used_at.is_(None),
        slips.c.cancelled_at.is_(None),
    )
    query = select(orders, slips.c.until).join(slips, slips.c.code == _OF.slip)
    query = query.where(*is_open, *_those(asked)).order_by(*(each.desc() for each in _PLACE))
    rows = uow.run(query.limit(asked.most))
    return [WaitingOrder(order_of(row), row.told_at, row.until) for row in rows]


def _those(asked: OrdersAsked) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if asked.store is not None:
        found.append(_OF.store == asked.store)
    if asked.after is not None:
        after = asked.after
        ended = (after.told_at, after.name.system, after.name.order_id)
        found.append(tuple_(*_PLACE) < ended)
    return found
