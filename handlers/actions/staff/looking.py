"""Who of the staff looked at what of members: it stands in the log, once in a while, not at each
look."""

from datetime import timedelta

from bot.store.staff import audit

from ..recording.work import Work

#: Whoever looks at the same again within this time is not noted again.
NOTED_EVERY = timedelta(minutes=10)


def is_noted(work: Work, what: str, member_id: int | None) -> bool:
    """Whether the log says already that the actor looks at it now."""
    return audit.is_noted(
        work.uow,
        what,
        staff_id=work.staff.staff_id,
        member_id=member_id,
        since=work.now - NOTED_EVERY,
    )
