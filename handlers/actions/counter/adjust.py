"""Points given or taken by a manager's hand, with the reason for it."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from rules.activity import Adjustment
from rules.base import POINTS_MAX, Refusal
from rules.judging.undo import REASON_LENGTH_MAX
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from ..recording.record import Request, carry_out


def adjust(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    *,
    member_id: int,
    points: int,
    reason: str,
    key: str,
    now: datetime,
) -> Outcome:
    """Gives the member `points`, or takes them where they are below zero, those first that expire
    first. Only managers may, and say why.

    Refused with adjust_managers, adjust_reason, adjust_points (none, or more than anybody means),
    points_short (more than there are), or erased.
    """
    reason = reason.strip()[:REASON_LENGTH_MAX]

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        refusal = _refuse(desk, points, reason)
        if refusal is not None:
            return refused(member.id, refusal, balance=member.facts.balance)
        request = Request(key, member.id, Adjustment(points), now, by="staff", store=desk.store)
        outcome = carry_out(uow, timeline, member, request, now=now)
        if outcome.done:
            note(
                uow, desk, "adjust", now=now, key=key, member_id=member.id,
                points=points, reason=reason,
            )  # fmt: skip
        return outcome

    return once(uow, key, f"adjust {member_id} {points} {reason}", work, now=now)


def _refuse(desk: Desk, points: int, reason: str) -> Refusal | None:
    if not desk.manages:
        return Refusal("adjust_managers")
    if not reason:
        return Refusal("adjust_reason")
    return None if 0 < abs(points) <= POINTS_MAX else Refusal("adjust_points")
