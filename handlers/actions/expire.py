"""Points running out: the warnings that the programme names, and then the end."""

from datetime import date, datetime, timedelta

from bot.store import UnitOfWork, ledger, members
from bot.store.members import Member
from rules.activity import Expiry
from rules.points import Lot, Take, expiry_of, gone_on, warned, warning_due
from rules.timeline import Timeline

from .notify import SayPointsExpiring, tell
from .outcome import Outcome
from .record import Request, record


def expire(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, day: date, now: datetime
) -> Outcome | None:
    """Gives one member the warnings owed on `day`, and takes the lots whose time is up.

    None when nothing ran out. The key is the member's day, so that a day happens once.
    """
    member = members.lock(uow, member_id)
    if member.erased_at is not None:
        return None
    policy = timeline.at(now).programme.points
    gone: list[Take] = []
    owed: list[tuple[Lot, date]] = []
    for lot in ledger.open_lots(uow, member_id):
        due = expiry_of(policy, lot, member.facts)
        if due is None:
            continue
        if warning_due(policy, lot, due, day):
            owed.append((warned(policy, lot, due, day), due))
        else:
            last_day = gone_on(policy, lot, due)
            gone += [Take(lot.no, lot.left)] if last_day is not None and day >= last_day else []
    _warn(uow, member, owed, day=day, now=now)
    if not gone:
        return None
    points = sum(take.points for take in gone)
    request = Request(
        f"tick:expiry:{day.isoformat()}:{member_id}", member_id, Expiry(points), now, by="system"
    )
    return record(uow, timeline, request, now=now, takes=tuple(gone))


def _warn(
    uow: UnitOfWork, member: Member, owed: list[tuple[Lot, date]], *, day: date, now: datetime
) -> None:
    for lot, _ in owed:
        ledger.note_warning(uow, member.id, lot)
    if not owed or member.membership != "active":
        return
    due = min(due for _, due in owed)
    tell(
        uow,
        member,
        SayPointsExpiring(due=due),
        period=day.isoformat(),
        topic="points",
        now=now,
        useful=timedelta(days=5),
    )
