"""What the audit log says, for tests."""

from typing import Any

from sqlalchemy import select

from bot.store.tables import audit_log

from .clubs import SmallClub


def audited(cafe: SmallClub) -> list[tuple[Any, ...]]:
    """`(action, staff, store, device, member)` of every line on what was done, oldest first; what
    was refused stands there too."""
    c = audit_log.c
    lines = select(c.action, c.staff_id, c.store, c.device_id, c.member_id)
    lines = lines.where(c.action != "refused").order_by(c.id)
    with cafe.store.read() as uow:
        return [tuple(row) for row in uow.run(lines)]
