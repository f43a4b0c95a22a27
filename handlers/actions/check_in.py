"""A visit: by the counter's QR, a beacon, staff, an import or the API."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store import UnitOfWork
from rules.activity import By, Via, Visit
from rules.timeline import Timeline

from . import referral
from .outcome import Outcome
from .record import Request, record


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
    outcome = record(
        uow,
        timeline,
        Request(visit.key, visit.member_id, Visit(visit.via), visit.at, visit.by, visit.store),
        now=now,
    )
    if not outcome.done:
        return outcome
    referred = referral.on_visit(
        uow, timeline, visit.member_id, key=visit.key, at=visit.at, now=now
    )
    if referred is None or not referred.done:
        return outcome
    return replace(
        outcome,
        grants=outcome.grants + referred.grants,
        badges=outcome.badges + referred.badges,
        rank_changes=outcome.rank_changes + referred.rank_changes,
        balance=referred.balance,
    )
