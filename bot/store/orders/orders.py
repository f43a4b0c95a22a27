"""Orders of other systems: what is known of each, whose it is, and what was written down of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update

from rules.orders.order import KnownOrder

from ..engine.db import UnitOfWork
from ..tables import orders


@dataclass(frozen=True, slots=True)
class OrderName:
    """What tells an order from all others."""

    system: str
    order_id: str


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order, and how far it is in a history."""

    name: OrderName
    #: Where it was bought; None: at no store.
    store: str | None
    known: KnownOrder = field(default_factory=KnownOrder)
    #: Whom the newest message that names a buyer leads to.
    named_id: int | None = None
    #: Who brought the code of its slip.
    claimed_id: int | None = None
    #: In whose history the purchase stands, and as which number.
    member_id: int | None = None
    seq: int | None = None
    #: What of it was written down there (`WantedPurchase.sale`, and its returns as JSON).
    sale: str = ""
    returns: str = "[]"
    #: Why it couldn't be written down.
    refused: str | None = None
    #: The code by which somebody can claim it.
    slip: str | None = None
    #: Whether it is forgotten.
    over: bool = False

    @property
    def buyer_id(self) -> int | None:
        """Whose it is: who claimed it, else whom it names."""
        return self.claimed_id or self.named_id


#: What becomes of an order's row of which nothing more is known than that it was there.
FORGOTTEN: Mapping[str, str | bool | None] = {
    "named_id": None, "claimed_id": None, "member_id": None, "seq": None, "slip": None,
    "sale": "", "returns": "[]", "refused": None, "over": True,
    "known": KnownOrder().model_dump_json(exclude_defaults=True),
}  # fmt: skip


def hold(uow: UnitOfWork, name: OrderName, *, store: str | None, at: datetime) -> StoredOrder:
    """The order, nobody else's until the transaction ends; a new one where it wasn't known."""
    row = {
        "system": name.system, "order_id": name.order_id, "store": store, "told_at": at,
        "over": False, "sale": "", "returns": "[]", "known": KnownOrder().model_dump_json(),
    }  # fmt: skip
    uow.insert_new(orders, [row])
    query = select(orders).where(*_its(name)).with_for_update()
    return order_of(uow.run(query).one())


def get(uow: UnitOfWork, name: OrderName) -> StoredOrder | None:
    """As it is at this moment; None where it isn't known."""
    row = uow.run(select(orders).where(*_its(name))).first()
    return None if row is None else order_of(row)


def of_slip(uow: UnitOfWork, code: str) -> StoredOrder | None:
    """The order that the slip is of, nobody else's until the transaction ends."""
    row = uow.run(select(orders).where(orders.c.slip == code).with_for_update()).first()
    return None if row is None else order_of(row)


def of_purchase(uow: UnitOfWork, member_id: int, seq: int) -> StoredOrder | None:
    """The order of which the member's purchase `seq` is."""
    its = (orders.c.member_id == member_id, orders.c.seq == seq)
    row = uow.run(select(orders).where(*its)).first()
    return None if row is None else order_of(row)


def refused(uow: UnitOfWork, system: str, *, most: int) -> list[tuple[str, str]]:
    """Orders of the system that couldn't be written down, the newest first: what its buyer reads on
    each, and why."""
    query = select(orders).where(orders.c.system == system, orders.c.refused.is_not(None))
    rows = uow.run(query.order_by(orders.c.told_at.desc()).limit(most))
    found = (order_of(row) for row in rows)
    return [(_number(each), each.refused or "") for each in found]


def _number(order: StoredOrder) -> str:
    told = order.known.order
    return (told.number if told else "") or order.name.order_id


def save(uow: UnitOfWork, order: StoredOrder, *, at: datetime) -> None:
    values = {
        "known": order.known.model_dump_json(exclude_defaults=True), "named_id": order.named_id,
        "claimed_id": order.claimed_id, "member_id": order.member_id, "seq": order.seq,
        "sale": order.sale, "returns": order.returns, "refused": order.refused,
        "slip": order.slip, "told_at": at, "over": order.over, "store": order.store,
    }  # fmt: skip
    uow.run(update(orders).where(*_its(order.name)).values(**values))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Nothing more is known, or done, of what the member ordered."""
    theirs = or_(
        orders.c.member_id.in_(member_ids),
        orders.c.named_id.in_(member_ids),
        orders.c.claimed_id.in_(member_ids),
    )
    uow.run(update(orders).where(theirs).values(**FORGOTTEN))


def _its(name: OrderName) -> Iterable[Any]:
    return orders.c.system == name.system, orders.c.order_id == name.order_id


def order_of(row: Row[Any]) -> StoredOrder:
    """The order of a row that has all columns of `orders`, and may have others."""
    known = {column.name: row._mapping[column.name] for column in orders.c}
    known.pop("told_at")
    return StoredOrder(
        OrderName(known.pop("system"), known.pop("order_id")),
        known=KnownOrder.model_validate_json(known.pop("known")),
        **known,
    )
