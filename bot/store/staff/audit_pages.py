"""Reading the audit log, newest first, in pages that go on where the last one ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from ..engine.db import UnitOfWork
from ..tables import audit_log


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done."""

    id: int
    at: datetime
    #: None for a command or the club itself.
    staff_id: int | None
    device_id: int | None
    store: str | None
    action: str
    key: str | None
    member_id: int | None
    #: As they were given to `audit.add`.
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What to read: None is everything. `since` and `until` are a half-open range."""

    staff_id: int | None = None
    device_id: int | None = None
    store: str | None = None
    action: str | None = None
    member_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(
    uow: UnitOfWork, wanted: AuditQuery, *, before: int | None, limit: int
) -> list[AuditEntry]:
    """At most `limit` lines that are older than the one with the id `before`."""
    query = select(audit_log).where(*_conditions(wanted)).order_by(audit_log.c.id.desc())
    if before is not None:
        query = query.where(audit_log.c.id < before)
    return [_line(row) for row in uow.run(query.limit(limit))]


def _conditions(wanted: AuditQuery) -> list[ColumnElement[bool]]:
    columns = audit_log.c
    equal = {
        columns.staff_id: wanted.staff_id,
        columns.device_id: wanted.device_id,
        columns.store: wanted.store,
        columns.action: wanted.action,
        columns.member_id: wanted.member_id,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        conditions.append(columns.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(columns.at < wanted.until)
    return conditions


def _line(row: Any) -> AuditEntry:
    return AuditEntry(
        row.id,
        row.at,
        row.staff_id,
        row.device_id,
        row.store,
        row.action,
        row.key,
        row.member_id,
        json.loads(row.details),
    )
