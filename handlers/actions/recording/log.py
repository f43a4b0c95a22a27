"""Writing into the audit log what somebody of the staff did, saw, or was refused."""

from bot.store.staff import audit, reasons

from .work import Work


def note(work: Work, action: str, *, member_id: int | None = None, **details: object) -> None:
    """Writes down that the work's actor did `action`, under the work's key; see `audit.add`. A
    system of the shop's is named in the details, and is nobody of the staff."""
    client = work.client
    if client is not None:
        details["client"] = client.client
    audit.add(
        work.uow,
        action,
        at=work.now,
        staff_id=None if client else work.staff.staff_id,
        device_id=None if client else work.staff.device_id,
        store=client.store if client else work.staff.store,
        key=work.key or None,
        member_id=member_id,
        **details,
    )


def note_reason(work: Work, member_id: int, words: str) -> None:
    """Keeps why the actor does what is noted under the work's key, in their own words; none where
    they gave none. It goes when the member is erased, which the log does not."""
    if words:
        reasons.add(work.uow, member_id, work.key, words)


def note_refusal(work: Work, code: str, *, member_id: int | None = None) -> None:
    """Writes down that the actor, if they are of the staff, was refused something, by its code."""
    if work.actor is not None:
        note(work, "refused", member_id=member_id, code=code)
