"""Registered devices: phones, tablets and tills, each of one store."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import devices

#: A clock that is off by a little more than last time is no news.
_CLOCK_STEP_S = 30
#: What the column can hold: some 68 years.
_CLOCK_OFF_S_MAX = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Device:
    """A device at a counter."""

    id: int
    name: str
    store: str
    registered_at: datetime
    registered_by: int | None
    #: Wall time.
    last_seen_at: datetime | None
    #: How far ahead its clock was when it last told the time; None before that.
    clock_off_s: int | None
    revoked_at: datetime | None
    #: Nobody gets in by a tap alone.
    asks_pin: bool = False


def add(
    uow: UnitOfWork, *, name: str, store: str, token_hash: str, by: int | None, at: datetime
) -> Device:
    row = {
        "name": name,
        "store": store,
        "token_hash": token_hash,
        "registered_at": at,
        "registered_by": by,
        "last_seen_at": at,
    }
    device_id = uow.run(insert(devices).values(row).returning(devices.c.id)).scalar_one()
    return Device(device_id, name, store, at, by, at, None, None)


#: The columns in the order in which a Device has them.
COLUMNS = (
    devices.c.id, devices.c.name, devices.c.store, devices.c.registered_at,
    devices.c.registered_by, devices.c.last_seen_at, devices.c.clock_off_s, devices.c.revoked_at,
    devices.c.asks_pin,
)  # fmt: skip
_BY_ID = PreparedStatement(select(*COLUMNS).where(devices.c.id == bindparam("device_id")))
_BY_TOKEN = PreparedStatement(
    select(*COLUMNS).where(
        devices.c.token_hash == bindparam("token_hash"), devices.c.revoked_at.is_(None)
    )
)


def get(uow: UnitOfWork, device_id: int) -> Device | None:
    rows = uow.ask(_BY_ID, {"device_id": device_id})
    return Device(*rows[0]) if rows else None


def by_token(uow: UnitOfWork, token_hash: str) -> Device | None:
    """The device that holds the token, unless it was revoked."""
    rows = uow.ask(_BY_TOKEN, {"token_hash": token_hash})
    return Device(*rows[0]) if rows else None


def everything(uow: UnitOfWork) -> list[Device]:
    """All devices that are registered, the newest first."""
    registered = select(*COLUMNS).where(devices.c.revoked_at.is_(None))
    return [Device(*row) for row in uow.run(registered.order_by(devices.c.id.desc()))]


def of_person(uow: UnitOfWork, staff_id: int) -> list[Device]:
    """The registered devices that a person invited, the newest first."""
    return [device for device in everything(uow) if device.registered_by == staff_id]


def names(uow: UnitOfWork, *, store: str | None = None) -> dict[int, str]:
    """The names of all devices there ever were, at `store` if given, by id."""
    here = () if store is None else (devices.c.store == store,)
    return {row.id: row.name for row in uow.run(select(devices.c.id, devices.c.name).where(*here))}


def revoke(uow: UnitOfWork, device_id: int, *, at: datetime) -> bool:
    """Takes the device out of service; False when it was already."""
    mine = (devices.c.id == device_id) & devices.c.revoked_at.is_(None)
    return uow.run(update(devices).where(mine).values(revoked_at=at)).rowcount == 1


def ask_pin(uow: UnitOfWork, device_id: int, asks: bool) -> None:
    """Sets whether a tap on one's name is enough there."""
    uow.run(update(devices).where(devices.c.id == device_id).values(asks_pin=asks))


def note_seen(uow: UnitOfWork, device_id: int, *, at: datetime) -> None:
    """Notes that the device was there at `at` (wall time)."""
    uow.run(update(devices).where(devices.c.id == device_id).values(last_seen_at=at))


def note_clock(uow: UnitOfWork, device: Device, off_s: int) -> None:
    """Notes how far ahead the device's clock is, when that is news; as much of it as fits."""
    off_s = max(-_CLOCK_OFF_S_MAX, min(off_s, _CLOCK_OFF_S_MAX))
    known = device.clock_off_s
    if known is not None and abs(known - off_s) <= _CLOCK_STEP_S:
        return
    uow.run(update(devices).where(devices.c.id == device.id).values(clock_off_s=off_s))
