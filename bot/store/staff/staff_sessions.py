"""Who is signed in: one row for each browser, by the hash of what its cookie holds. Wall time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from .. import tables
from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import staff_sessions as sessions
from . import devices, staff
from .devices import Device
from .staff import StaffMember


@dataclass(frozen=True, slots=True)
class Session:
    """`device_id` is None in a browser that isn't a registered device."""

    token_hash: str
    staff_id: int
    device_id: int | None
    created_at: datetime
    expires_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RunningSession:
    """A session that runs, whose it is, and on which registered device (None: on none)."""

    session: Session
    person: StaffMember
    device: Device | None


def start(
    uow: UnitOfWork,
    token_hash: str,
    *,
    staff_id: int,
    device_id: int | None,
    at: datetime,
    until: datetime,
    awaits_code: bool = False,
) -> None:
    """Begins a session; one that `awaits_code` lets nobody in."""
    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "device_id": device_id,
        "created_at": at,
        "expires_at": until,
        "seen_at": at,
        "awaits_code": awaits_code,
    }
    uow.run(insert(sessions).values(row))


#: The columns in the order in which a Session has them.
_COLUMNS = (
    sessions.c.token_hash, sessions.c.staff_id, sessions.c.device_id, sessions.c.created_at,
    sessions.c.expires_at, sessions.c.seen_at,
)  # fmt: skip
_PERSON = len(_COLUMNS)
_DEVICE = _PERSON + len(staff.COLUMNS)
_FOUND = (
    select(*_COLUMNS, *staff.COLUMNS, *devices.COLUMNS)
    .join(tables.staff, tables.staff.c.id == sessions.c.staff_id)
    .outerjoin(tables.devices, tables.devices.c.id == sessions.c.device_id)
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > bindparam("at"),
    )
)
#: Asked on every page.
_RUNNING = PreparedStatement(_FOUND.where(sessions.c.awaits_code.is_(False)))
_AWAITING = PreparedStatement(_FOUND.where(sessions.c.awaits_code.is_(True)))


def running(uow: UnitOfWork, token_hash: str, *, at: datetime) -> RunningSession | None:
    """The session, unless it ended or was revoked, or waits for a code."""
    return _one(uow, _RUNNING, token_hash, at)


def awaiting_code(uow: UnitOfWork, token_hash: str, *, at: datetime) -> RunningSession | None:
    """The session that only waits for the code of an app."""
    return _one(uow, _AWAITING, token_hash, at)


def _one(
    uow: UnitOfWork, asked: PreparedStatement, token_hash: str, at: datetime
) -> RunningSession | None:
    rows = uow.ask(asked, {"token_hash": token_hash, "at": at})
    if not rows:
        return None
    row = rows[0]
    device = Device(*row[_DEVICE:]) if row[_DEVICE] is not None else None
    return RunningSession(Session(*row[:_PERSON]), StaffMember(*row[_PERSON:_DEVICE]), device)


def running_of(uow: UnitOfWork, staff_id: int, *, at: datetime) -> list[Session]:
    """Where a person is signed in, the newest first."""
    found = (
        select(*_COLUMNS)
        .where(sessions.c.staff_id == staff_id, _running(at))
        .order_by(sessions.c.created_at.desc())
    )
    return [Session(*row) for row in uow.run(found)]


def last_seen(uow: UnitOfWork) -> dict[int, datetime]:
    """When each of the staff was last there, as far back as sessions are kept, by their id."""
    found = select(sessions.c.staff_id, func.max(sessions.c.seen_at).label("at")).where(
        sessions.c.awaits_code.is_(False)
    )
    return {row.staff_id: row.at for row in uow.run(found.group_by(sessions.c.staff_id))}


def note_seen(uow: UnitOfWork, token_hash: str, *, at: datetime, until: datetime) -> None:
    """Notes that somebody was there at `at`: the session runs `until`."""
    mine = update(sessions).where(sessions.c.token_hash == token_hash)
    uow.run(mine.values(seen_at=at, expires_at=until))


def revoke(uow: UnitOfWork, token_hash: str, *, at: datetime) -> bool:
    """Ends one session; False when there was none to end."""
    mine = (sessions.c.token_hash == token_hash) & sessions.c.revoked_at.is_(None)
    return uow.run(update(sessions).where(mine).values(revoked_at=at)).rowcount == 1


def revoke_of(
    uow: UnitOfWork,
    *,
    at: datetime,
    staff_id: int | None = None,
    device_id: int | None = None,
    but: str = "",
) -> int:
    """Ends all sessions of a person or on a device, but the one whose hash is `but`; gives how
    many that were."""
    if (staff_id is None) == (device_id is None):
        raise ValueError("name a person or a device")
    column = sessions.c.device_id if staff_id is None else sessions.c.staff_id
    mine = (
        (column == (device_id if staff_id is None else staff_id))
        & (sessions.c.token_hash != but)
        & sessions.c.revoked_at.is_(None)
        & (sessions.c.expires_at > at)
    )
    return uow.run(update(sessions).where(mine).values(revoked_at=at)).rowcount


def _running(at: datetime) -> ColumnElement[bool]:
    in_time = sessions.c.revoked_at.is_(None) & (sessions.c.expires_at > at)
    return in_time & sessions.c.awaits_code.is_(False)
