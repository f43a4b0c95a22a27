"""A referral that has come true: points for both sides, each by their own rule and limits.

Both members are locked, the friend first. As whoever refers was a member before, these locks never
form a circle.
"""

from datetime import datetime

from bot.store import UnitOfWork, members
from bot.store.members import Member
from rules.activity import Occasion
from rules.timeline import Timeline

from .outcome import Outcome
from .record import Request, carry_out


def on_joining(
    uow: UnitOfWork, timeline: Timeline, friend: Member, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    """Counts the referral if the programme counts it at joining; gives what the friend got."""
    if timeline.at(at).programme.referral.counts_at != "registration":
        return None
    return _count(uow, timeline, friend, key=key, at=at, now=now)


def on_visit(
    uow: UnitOfWork, timeline: Timeline, friend: Member, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    """Counts the referral at the first visit, if the programme counts it there.

    Gives what the friend (the visitor) got by it; None when there is nothing to count.
    """
    if timeline.at(at).programme.referral.counts_at != "first_visit":
        return None
    return _count(uow, timeline, friend, key=key, at=at, now=now)


def _count(
    uow: UnitOfWork, timeline: Timeline, friend: Member, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    if friend.referred_by is None or friend.facts.counts.get("referred"):
        return None
    friend = members.lock(uow, friend.id)
    got = carry_out(
        uow,
        timeline,
        friend,
        Request(key, friend.id, Occasion("referred"), at, by="system"),
        now=now,
    )
    if not got.done or friend.referred_by is None:
        return None
    referrer = members.lock(uow, friend.referred_by)
    carry_out(
        uow,
        timeline,
        referrer,
        Request(key, referrer.id, Occasion("referral"), at, by="system"),
        now=now,
    )
    return got
