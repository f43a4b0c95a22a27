"""Scans at the counters, as the audit log has them: what unusual patterns are looked for in."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, union_all

from rules.programme.counter import CounterScan

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import audit_log

#: What the audit log calls a scan that counted as a visit, and any other.
VISIT, OTHER = "check_in", "scan"
#: Scans of one person on several devices are looked for among those that arrived so recently.
_AT_ONCE = timedelta(minutes=2)

_SCANS = select(
    audit_log.c.id, audit_log.c.staff_id, audit_log.c.device_id, audit_log.c.store,
    audit_log.c.member_id, audit_log.c.action, audit_log.c.details,
).where(or_(audit_log.c.action == VISIT, audit_log.c.action == OTHER))  # fmt: skip


def _newest(*whose: ColumnElement[bool], by: ColumnElement[int]) -> Select[Any]:
    """The newest scans among those, as a query that others can be joined to."""
    found = _SCANS.where(*whose).order_by(by.desc()).limit(bindparam("most"))
    return select(found.subquery())


_RECENT = PreparedStatement(
    union_all(
        _newest(audit_log.c.device_id == bindparam("device"), by=audit_log.c.id),
        _newest(audit_log.c.member_id == bindparam("member"), by=audit_log.c.id),
        # In an order that the primary key is no help with: walked from its end, it would be read
        # to its beginning where somebody has scanned less than `most`.
        _newest(
            audit_log.c.at >= bindparam("since"),
            audit_log.c.staff_id == bindparam("who"),
            by=audit_log.c.id + 0,
        ),
    )
)


def details(seen: CounterScan) -> dict[str, object]:
    """What the audit log keeps of a scan beside who, where and whose."""
    kept: dict[str, object] = {
        "made_at": seen.at.isoformat(),
        "told": seen.identified_by,
        "counted": seen.counted,
    }
    if seen.is_closed:
        kept["is_closed"] = True
    return kept


def recent(uow: UnitOfWork, scan: CounterScan, *, now: datetime, most: int) -> list[CounterScan]:
    """The newest scans, `most` of each, of the scan's device, its member and its member of staff;
    by the order in which they arrived."""
    rows = uow.ask(
        _RECENT,
        {
            "device": scan.device_id,
            "member": scan.member_id,
            "who": scan.staff_id,
            "since": now - _AT_ONCE,
            "most": most,
        },
    )
    # Most are found in more than one way.
    by_id = {row.id: row for row in rows}
    return [_counter_scan(row) for _, row in sorted(by_id.items())]


def _counter_scan(row: Any) -> CounterScan:
    kept = json.loads(row.details)
    return CounterScan(
        at=datetime.fromisoformat(kept["made_at"]),
        store=row.store,
        staff_id=row.staff_id,
        device_id=row.device_id,
        member_id=row.member_id,
        identified_by=kept["told"],
        counted=kept["counted"],
        is_closed=kept.get("is_closed", False),
    )
