"""Points given or taken by a manager's hand, with the reason for it."""

from handlers.actions.recording.work import Work
from rules.activity import Adjustment
from rules.base import POINTS_MAX, Refusal
from rules.judging.undo import REASON_LENGTH_MAX

from ..recording.idempotency import once
from ..recording.limits import flag_points, refuse_points, refuse_reserved
from ..recording.log import note, note_reason
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out


def adjust(work: Work, member_id: int, points: int, *, reason: str) -> Outcome:
    """Gives the member `points`, or takes them where they are below zero, those first that expire
    first. Only managers may, and systems that were allowed to, and say why.

    Refused with adjust_managers, adjust_reason, adjust_points (none, or more than anybody means),
    points_short (more than there are), points_reserved (they are set aside for a sale),
    points_owner or points_day (beyond the programme's limits, but for an owner), or erased.
    """
    reason = reason.strip()[:REASON_LENGTH_MAX]

    def act() -> Outcome:
        refusal = (
            _refuse(work, points, reason)
            or refuse_points(work, member_id, points)
            or refuse_reserved(work, member_id, points)
        )
        if refusal is not None:
            return outcome_of_refusal(member_id, refusal)
        store = work.client.store if work.client else work.staff.store
        outcome = carry_out(work, Request(member_id, Adjustment(points), work.now, store))
        if outcome.done:
            note(work, "adjust", member_id=member_id, points=points)
            note_reason(work, member_id, reason)
            flag_points(work, member_id, points)
        return outcome

    return once(work, f"adjust {member_id} {points} {reason}", act)


def _refuse(work: Work, points: int, reason: str) -> Refusal | None:
    if work.client is None and not work.staff.manages:
        return Refusal("adjust_managers")
    if not reason:
        return Refusal("adjust_reason")
    return None if 0 < abs(points) <= POINTS_MAX else Refusal("adjust_points")
