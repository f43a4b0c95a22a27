"""A visit: by the counter's QR, a beacon, staff, an import or the API."""

from rules.activity import Visit

from ..events.attending import note_came
from ..members import referral
from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from ..recording.work import Work

#: Why a visit isn't counted of somebody who is there.
_HERE_ALL_THE_SAME = ("visited_today", "visited_just_now")


def check_in(work: Work, visit: Request) -> Outcome:
    """Records the visit and, at a referred friend's first, the referral; or says why not."""
    via = visit.what.via if isinstance(visit.what, Visit) else None
    asked = f"visit {visit.member_id} {visit.store} {via} {work.made_by}"
    return once(work, asked, lambda: record_visit(work, visit))


def record_visit(work: Work, visit: Request) -> Outcome:
    """`check_in` for a caller who has claimed the key."""
    outcome = carry_out(work, visit)
    if outcome.done:
        referral.on_recorded(work, visit.member_id, at=visit.at)
    if outcome.done or outcome.refused in _HERE_ALL_THE_SAME:
        note_came(work, outcome.member_id, at=visit.at, store=visit.store)
    return outcome
