"""Registered devices: phones, tablets and tills, each of one store."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ..engine.db import UnitOfWork
from ..engine.prepared import Prepared
from ..tables import devices


@dataclass(frozen=True, slots=True)
class Device:
    """`clock_off_s` is how far ahead its clock was when it last told the time, None before that.
    `last_seen_at` is wall time."""

    id: int
    name: str
    store: str
    registered_at: datetime
    registered_by: int | None
    last_seen_at: datetime | None
    clock_off_s: int | None
    revoked_at: datetime | None


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


_BY_ID = Prepared(select(devices).where(devices.c.id == bindparam("device_id")))


def get(uow: UnitOfWork, device_id: int) -> Device | None:
    rows = uow.ask(_BY_ID, {"device_id": device_id})
    return _device(rows[0]) if rows else None


def by_token(uow: UnitOfWork, token_hash: str) -> Device | None:
    """The device that holds the token, unless it was revoked."""
    good = (devices.c.token_hash == token_hash) & devices.c.revoked_at.is_(None)
    row = uow.run(select(devices).where(good)).one_or_none()
    return _device(row) if row else None


def everything(uow: UnitOfWork) -> list[Device]:
    """All devices that are registered, the newest first."""
    wanted = select(devices).where(devices.c.revoked_at.is_(None)).order_by(devices.c.id.desc())
    return [_device(row) for row in uow.run(wanted)]


def names(uow: UnitOfWork) -> dict[int, str]:
    """The names of all devices there ever were, by id."""
    return {row.id: row.name for row in uow.run(select(devices.c.id, devices.c.name))}


def revoke(uow: UnitOfWork, device_id: int, *, at: datetime) -> bool:
    """Takes the device out of service; False when it was already."""
    mine = (devices.c.id == device_id) & devices.c.revoked_at.is_(None)
    return uow.run(update(devices).where(mine).values(revoked_at=at)).rowcount == 1


def seen(uow: UnitOfWork, device_id: int, *, at: datetime) -> None:
    """Notes that the device was there at `at` (wall time)."""
    uow.run(update(devices).where(devices.c.id == device_id).values(last_seen_at=at))


def _device(row: Any) -> Device:
    return Device(
        row.id,
        row.name,
        row.store,
        row.registered_at,
        row.registered_by,
        row.last_seen_at,
        row.clock_off_s,
        row.revoked_at,
    )
