"""A visit: by the counter's QR, a beacon, staff, an import or the API."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from rules.activity import By, Via, Visit
from rules.programme.timeline import Timeline

from ..members import referral
from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Who came to which store, when, and how it was noticed."""

    key: str
    member_id: int
    store: str
    at: datetime
    via: Via
    by: By = "member"


def check_in(uow: UnitOfWork, timeline: Timeline, visit: CheckIn, *, now: datetime) -> Outcome:
    """Records the visit and, at a referred friend's first, the referral; or says why not."""
    asked = f"visit {visit.member_id} {visit.store} {visit.via} {visit.by}"
    return once(uow, visit.key, asked, lambda: record_visit(uow, timeline, visit, now=now), now=now)


def record_visit(uow: UnitOfWork, timeline: Timeline, visit: CheckIn, *, now: datetime) -> Outcome:
    """`check_in` for a caller who has claimed the key."""
    member = members.lock(uow, visit.member_id)
    request = Request(visit.key, member.id, Visit(visit.via), visit.at, visit.by, visit.store)
    outcome = carry_out(uow, timeline, member, request, now=now)
    if not outcome.done:
        return outcome
    referred = referral.on_visit(uow, timeline, member, key=visit.key, at=visit.at, now=now)
    return outcome if referred is None else _together(outcome, referred)


def _together(visit: Outcome, referred: Outcome) -> Outcome:
    return replace(
        visit,
        grants=visit.grants + referred.grants,
        badges=visit.badges + referred.badges,
        rank_changes=visit.rank_changes + referred.rank_changes,
        vouchers=visit.vouchers + referred.vouchers,
        balance=referred.balance,
    )
