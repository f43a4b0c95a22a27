"""Writing into the audit log what somebody of the staff did."""

from bot.store.staff import audit

from .work import Work


def note(work: Work, action: str, *, member_id: int | None = None, **details: object) -> None:
    """Writes down that the work's actor did `action`, under the work's key; see `audit.add`."""
    audit.add(
        work.uow,
        action,
        at=work.now,
        staff_id=work.staff.staff_id,
        device_id=work.staff.device_id,
        store=work.staff.store,
        key=work.key or None,
        member_id=member_id,
        **details,
    )
