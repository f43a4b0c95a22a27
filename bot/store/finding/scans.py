"""Scans at the counters, as the audit log has them: what unusual patterns are looked for in."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from rules.programme.counter import CounterScan

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import audit_log
from ..tables.types import BigInt

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


_LATELY_OF = "lately"
#: What the person has entered on this day, in the shape of a line.
_SUM = "sum"
_ENTERED = select(
    literal(0),
    cast(func.coalesce(func.sum(audit_log.c.entered_yen), 0), BigInt),
    *(cast(null(), column.type) for column in (audit_log.c.device_id, audit_log.c.store)),
    cast(null(), audit_log.c.member_id.type),
    literal(_SUM),
    literal("{}"),
).where(
    audit_log.c.staff_id == bindparam("who"),
    audit_log.c.at >= bindparam("opens"),
    audit_log.c.entered_yen.is_not(None),
)

_LATELY = PreparedStatement(
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
        _ENTERED,
    )
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose scans are looked for: of a person, on a device, of a member; None for no such."""

    staff_id: int
    device_id: int | None
    member_id: int | None


@dataclass(frozen=True, slots=True)
class Lately:
    """What a desk did lately."""

    #: By the order in which they arrived.
    scans: list[CounterScan]
    #: What the person has entered on this business day in all.
    entered_yen: int


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


def lately(uow: UnitOfWork, desk: Desk, *, now: datetime, opens: datetime, most: int) -> Lately:
    """The newest scans, `most` of each, of the device, the member and the person; and what the
    person has entered since the business day's opening. Read once in a transaction, which notes
    its own scan last."""
    known: Lately | None = uow.identities.get(_LATELY_OF, desk)
    if known is not None:
        return known
    rows = uow.ask(
        _LATELY,
        {
            "device": desk.device_id,
            "member": desk.member_id,
            "who": desk.staff_id,
            "since": now - _AT_ONCE,
            "opens": opens,
            "most": most,
        },
    )
    # Most are found in more than one way.
    by_id = {row.id: row for row in rows if row.action != _SUM}
    found = [_counter_scan(row) for _, row in sorted(by_id.items())]
    (entered,) = [row.staff_id for row in rows if row.action == _SUM]
    told = Lately(found, int(entered))
    uow.identities.put(_LATELY_OF, desk, told)
    return told


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
