""" "Put the points on later": slips with a code, for who has no card at hand, each claimed once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, or_, select, update

from ..engine.db import UnitOfWork
from ..tables import slips


@dataclass(frozen=True, slots=True)
class SlipWorth:
    """What a slip is worth: a visit, a purchase, or both."""

    visit: bool = True
    #: The purchase; 0 for none.
    yen: int = 0
    #: The part of it that is tax.
    tax_yen: int = 0


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of a store, for what happened there."""

    code: str
    store: str
    #: When that happened.
    at: datetime
    what: SlipWorth
    #: It is good up to this moment (exclusive).
    until: datetime
    staff_id: int | None = None
    device_id: int | None = None
    #: Who claimed it; None before.
    member_id: int | None = None
    used_at: datetime | None = None
    cancelled_at: datetime | None = None


_WHAT: TypeAdapter[SlipWorth] = TypeAdapter(SlipWorth)


def add(uow: UnitOfWork, slip: Slip) -> None:
    row = {
        "code": slip.code,
        "store": slip.store,
        "at": slip.at,
        "what": _WHAT.dump_json(slip.what).decode(),
        "until": slip.until,
        "staff_id": slip.staff_id,
        "device_id": slip.device_id,
    }
    uow.run(insert(slips).values(row))


def get(uow: UnitOfWork, code: str) -> Slip | None:
    row = uow.run(select(slips).where(slips.c.code == code)).first()
    return _slip(row) if row is not None else None


def newest(uow: UnitOfWork, *, store: str, limit: int) -> list[Slip]:
    """The newest slips of the store, those first that nobody has used or cancelled."""
    is_over = or_(slips.c.used_at.is_not(None), slips.c.cancelled_at.is_not(None))
    order = (is_over, slips.c.at.desc(), slips.c.code)
    return [
        _slip(row)
        for row in uow.run(
            select(slips).where(slips.c.store == store).order_by(*order).limit(limit)
        )
    ]


def _slip(row: Row[Any]) -> Slip:
    what = _WHAT.validate_json(row.what)
    return Slip(
        row.code, row.store, row.at, what, row.until, row.staff_id, row.device_id, row.member_id,
        row.used_at, row.cancelled_at,
    )  # fmt: skip


def change(uow: UnitOfWork, code: str, what: SlipWorth) -> None:
    """Changes what an open slip is worth."""
    worth = _WHAT.dump_json(what).decode()
    uow.run(update(slips).where(slips.c.code == code).values(what=worth))


def use(uow: UnitOfWork, code: str, member_id: int, *, at: datetime) -> bool:
    """Takes the slip for the member; False when it was taken or cancelled before. Whoever takes
    the same one at this moment is waited for."""
    return _close(uow, code, member_id=member_id, used_at=at)


def cancel(uow: UnitOfWork, code: str, *, at: datetime) -> bool:
    """Makes the slip worthless; False when it was taken or cancelled before."""
    return _close(uow, code, cancelled_at=at)


def _close(uow: UnitOfWork, code: str, **values: object) -> bool:
    is_open = (slips.c.code == code, slips.c.used_at.is_(None), slips.c.cancelled_at.is_(None))
    return uow.run(update(slips).where(*is_open).values(**values)).rowcount == 1


def release(uow: UnitOfWork, code: str) -> None:
    """Gives back a slip whose points were refused, or were taken back again."""
    uow.run(update(slips).where(slips.c.code == code).values(member_id=None, used_at=None))


def release_claimed(uow: UnitOfWork, member_id: int, *, at: datetime) -> None:
    """Gives back the slip that the member claimed at that very moment, if there was one."""
    claimed = (slips.c.member_id == member_id, slips.c.used_at == at)
    uow.run(update(slips).where(*claimed).values(member_id=None, used_at=None))
