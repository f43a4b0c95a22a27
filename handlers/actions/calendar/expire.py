"""Points running out: the warnings that the programme names, and then the end."""

from datetime import date, timedelta

from bot.store import UnitOfWork
from bot.store.history import ledger
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages import outbox_by_member
from handlers.actions.recording.work import Work
from rules.activity import Expiry
from rules.programme.points import (
    Lot,
    LotWithdrawal,
    PointsPolicy,
    expiry_day,
    expiry_of,
    promised_until,
    warning_due,
    with_warnings,
)
from rules.programme.programme import Programme

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from ..telling.messages import SayPointsExpiring
from ..telling.warnings import OwedWarning, warn

#: Lots with the day on which each is due to be gone.
_Due = list[tuple[Lot, date]]


def expire(work: Work, member_id: int, *, day: date, sms: bool = False) -> Outcome | None:
    """Gives one member a warning owed on `day`, by SMS too if the club can send some, and takes the
    lots whose time is up.

    None when nothing ran out. The key is the member's day, so that a day happens once.
    """
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return None
    programme = work.programme
    open_lots = ledger.open_lots(work.uow, member_id)
    known = [(lot, expiry_of(programme.points, lot, member.facts)) for lot in open_lots]
    due = [(lot, on) for lot, on in known if on is not None]
    gone = tuple(
        LotWithdrawal(lot.no, lot.left)
        for lot, on in due
        if _is_over(programme.points, lot, on, day)
        and _is_warned(work.uow, programme, member_id, on, day)
    )
    _warn(work, member, due, day=day, sms=sms)
    if not gone:
        return None
    ending = work.acting("system").under(f"tick:expiry:{day.isoformat()}:{member_id}")
    request = Request(member_id, Expiry(sum(take.points for take in gone)), work.now)
    return once(ending, f"expiry {member_id}", lambda: carry_out(ending, request, takes=gone))


def _is_over(policy: PointsPolicy, lot: Lot, due: date, day: date) -> bool:
    last_day = expiry_day(policy, lot, due)
    return last_day is not None and day >= last_day


def _is_warned(uow: UnitOfWork, programme: Programme, member_id: int, due: date, day: date) -> bool:
    """Whether no warning waits to be sent, and the last one that was went out as long ago as the
    programme promises: it may have waited for a cap, or for the month's messages. One that never
    could go out keeps nobody's points."""
    journey, period = SayPointsExpiring.journey(), f"{due.isoformat()}:"
    if outbox_by_member.is_waiting(uow, member_id, journey, period_begins=period):
        return False
    out = outbox_by_member.last_out(uow, member_id, journey, period_begins=period)
    if out is None:
        return True
    return day >= promised_until(programme.points, programme.shop.business_date(out))


def _warn(work: Work, member: Member, due: _Due, *, day: date, sms: bool) -> None:
    """Queues the warning owed for the points that go soonest; for others it is owed tomorrow, and
    their end waits for it."""
    policy = work.programme.points
    owed = [(lot, on) for lot, on in due if warning_due(policy, lot, on, day)]
    if not owed:
        return
    soonest = min(on for _, on in owed)
    for lot, on in owed:
        if on == soonest:
            ledger.note_warning(work.uow, member.id, with_warnings(policy, lot, on, day))
    if member.membership != "active":
        return
    warning = OwedWarning(
        SayPointsExpiring(due=soonest),
        period=f"{soonest.isoformat()}:{day.isoformat()}",
        useful=max(work.programme.shop.opens(soonest) - work.now, timedelta(days=5)),
    )
    warn(work, member, warning, sms=sms)
