"""Scans at the counters, as the audit log has them: what unusual patterns are looked for in."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from rules.programme.counter import Seen

from ..engine.db import UnitOfWork
from ..engine.prepared import Prepared
from ..tables import audit_log, devices

#: What the audit log calls a scan that counted as a visit, and any other.
VISIT, OTHER = "check_in", "scan"
#: A clock that is off by a little more than last time is no news.
_CLOCK_STEP_S = 30
#: Scans of one person on several devices are looked for among those that arrived so recently.
_AT_ONCE = timedelta(minutes=2)

_SCANS = select(
    audit_log.c.id, audit_log.c.staff_id, audit_log.c.device_id, audit_log.c.store,
    audit_log.c.member_id, audit_log.c.action, audit_log.c.details,
).where(or_(audit_log.c.action == VISIT, audit_log.c.action == OTHER))  # fmt: skip
_NEWEST = _SCANS.order_by(audit_log.c.id.desc()).limit(bindparam("most"))
_OF_DEVICE = Prepared(_NEWEST.where(audit_log.c.device_id == bindparam("device")))
_OF_MEMBER = Prepared(_NEWEST.where(audit_log.c.member_id == bindparam("member")))
# In an order that the primary key is no help with: walked from its end, it would be read to its
# beginning where somebody has scanned less than `most`.
_OF_STAFF = Prepared(
    _SCANS.where(audit_log.c.at >= bindparam("since"), audit_log.c.staff_id == bindparam("who"))
    .order_by((audit_log.c.id + 0).desc())
    .limit(bindparam("most"))
)


def details(seen: Seen) -> dict[str, object]:
    """What the audit log keeps of a scan beside who, where and whose."""
    kept: dict[str, object] = {
        "made_at": seen.at.isoformat(),
        "told": seen.told,
        "counted": seen.counted,
    }
    if seen.is_closed:
        kept["is_closed"] = True
    return kept


def recent(uow: UnitOfWork, scan: Seen, *, now: datetime, most: int) -> list[Seen]:
    """The newest scans, `most` of each, of the scan's device, its member and its member of staff;
    by the order in which they arrived."""
    rows: dict[int, Any] = {}
    wanted: list[tuple[Prepared, dict[str, Any]]] = []
    if scan.device_id is not None:
        wanted.append((_OF_DEVICE, {"device": scan.device_id}))
    if scan.member_id is not None:
        wanted.append((_OF_MEMBER, {"member": scan.member_id}))
    if scan.staff_id is not None:
        wanted.append((_OF_STAFF, {"since": now - _AT_ONCE, "who": scan.staff_id}))
    for query, values in wanted:
        rows |= {row.id: row for row in uow.ask(query, {**values, "most": most})}
    return [_seen(row) for _, row in sorted(rows.items())]


def _seen(row: Any) -> Seen:
    kept = json.loads(row.details)
    return Seen(
        at=datetime.fromisoformat(kept["made_at"]),
        store=row.store,
        staff_id=row.staff_id,
        device_id=row.device_id,
        member_id=row.member_id,
        told=kept["told"],
        counted=kept["counted"],
        is_closed=kept.get("is_closed", False),
    )


def note_clock(uow: UnitOfWork, device_id: int, off_s: int) -> None:
    """Notes how far ahead the device's clock is, when that is news."""
    known = devices.c.clock_off_s
    is_news = or_(known.is_(None), known < off_s - _CLOCK_STEP_S, known > off_s + _CLOCK_STEP_S)
    uow.run(update(devices).where(devices.c.id == device_id, is_news).values(clock_off_s=off_s))
