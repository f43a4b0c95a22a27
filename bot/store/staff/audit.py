"""The audit log: who did, saw or was refused what, where, on which device. It is added to and read,
never changed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ..engine.db import UnitOfWork
from ..engine.statements import insert_statement
from ..tables import audit_log

_INSERT = insert_statement(
    audit_log,
    *("at", "staff_id", "device_id", "store", "action", "key", "member_id", "details"),
    "entered_yen",
)
#: What enters the amount in its details, `yen`, which then counts for the person's day.
_ENTERS = frozenset({"check_in", "scan", "add", "receipt", "slip"})


def add(
    uow: UnitOfWork,
    action: str,
    *,
    at: datetime,
    staff_id: int | None,
    device_id: int | None = None,
    store: str | None = None,
    key: str | None = None,
    member_id: int | None = None,
    **details: object,
) -> None:
    """Appends one line. `details` are what can be told in JSON, and never say who somebody is:
    members are named by id alone, so that an erased one stays erased."""
    row = {
        "at": at,
        "staff_id": staff_id,
        "device_id": device_id,
        "store": store,
        "action": action,
        "key": key,
        "member_id": member_id,
        "details": json.dumps(details, ensure_ascii=False, default=str),
        "entered_yen": details.get("yen") if action in _ENTERS else None,
    }
    uow.write(_INSERT, [row])


def details_of(
    uow: UnitOfWork, action: str, *, staff_id: int, since: datetime
) -> list[dict[str, Any]]:
    """The details of each time that somebody of the staff did that, from `since` on."""
    done = select(audit_log.c.details).where(
        audit_log.c.at >= since, audit_log.c.staff_id == staff_id, audit_log.c.action == action
    )
    return [json.loads(details) for details in uow.run(done).scalars()]


def details_under(
    uow: UnitOfWork, action: str, keys: str, *, since: datetime
) -> list[dict[str, Any]]:
    """The same of what was done under outside keys that begin so."""
    done = select(audit_log.c.details).where(
        audit_log.c.at >= since,
        audit_log.c.action == action,
        audit_log.c.key.startswith(keys, autoescape=True),
    )
    return [json.loads(details) for details in uow.run(done).scalars()]


def count_members(uow: UnitOfWork, action: str, *, since: datetime, until: datetime) -> int:
    """About how many members that was logged from `since` to `until` (exclusive)."""
    about = select(func.count(audit_log.c.member_id.distinct())).where(
        audit_log.c.at >= since, audit_log.c.at < until, audit_log.c.action == action
    )
    return int(uow.run(about).scalar_one())


@dataclass(frozen=True, slots=True)
class LoggedDesk:
    """Who of the staff did something, where, and on which device; each None where nobody did."""

    staff_id: int | None = None
    device_id: int | None = None
    store: str | None = None


def desk_of(uow: UnitOfWork, key: str) -> LoggedDesk:
    """By whom what was logged first under the outside key was done."""
    found = select(audit_log.c.staff_id, audit_log.c.device_id, audit_log.c.store).where(
        audit_log.c.key == key
    )
    row = uow.run(found.order_by(audit_log.c.id).limit(1)).first()
    return LoggedDesk(*row) if row else LoggedDesk()


def last_details(uow: UnitOfWork, action: str) -> dict[str, object]:
    """The details of the newest line about `action`; empty where there is none."""
    newest = select(audit_log.c.details).where(audit_log.c.action == action)
    row = uow.run(newest.order_by(audit_log.c.id.desc()).limit(1)).first()
    return dict(json.loads(row.details)) if row else {}


def is_noted(
    uow: UnitOfWork, action: str, *, staff_id: int, member_id: int | None, since: datetime
) -> bool:
    """Whether that was logged of the person, about that member or none, since then."""
    found = select(audit_log.c.id).where(
        audit_log.c.at >= since,
        audit_log.c.action == action,
        audit_log.c.staff_id == staff_id,
        # SQLAlchemy makes "is null" of None.
        audit_log.c.member_id == member_id,
    )
    return uow.run(found.limit(1)).first() is not None


def was_on(uow: UnitOfWork, *, key: str, member_id: int, device_id: int) -> bool:
    """Whether that device did what was logged under the outside key, about that member."""
    found = select(audit_log.c.id).where(
        audit_log.c.key == key,
        audit_log.c.member_id == member_id,
        audit_log.c.device_id == device_id,
    )
    return uow.run(found.limit(1)).first() is not None
