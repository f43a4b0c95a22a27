"""A referral that has come true: points for both sides, each by their own rule and limits.

Both members are locked, the friend first. As whoever refers was a member before, these locks never
form a circle.
"""

from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.members import Member
from rules.activity import Occasion
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out

#: How long after joining a code may still be brought.
CODE_LIFE = timedelta(days=7)


def bring(
    uow: UnitOfWork,
    timeline: Timeline,
    friend_id: int,
    code: str,
    *,
    key: str,
    at: datetime,
    now: datetime,
) -> Refusal | None:
    """Notes who invited a member that has just joined: adding the account joins them before they
    can send the code. None when it counts; else why not.

    Taken for CODE_LIFE after joining and before the first visit, from somebody who was there first.
    """
    friend = members.lock(uow, friend_id)
    owner_id = members.by_code(uow, "referral", code)
    if owner_id is None:
        return Refusal("referral_unknown")
    referrer_id = members.keeper(uow, owner_id)
    if referrer_id == friend.id:
        return Refusal("referral_self")
    referrer = members.get(uow, referrer_id)
    known = friend.referred_by is not None or friend.facts.visits > 0
    if known or at - friend.joined_at > CODE_LIFE:
        return Refusal("referral_member")
    if referrer is None or referrer.joined_at >= friend.joined_at:
        return Refusal("referral_member")
    members.set_referred_by(uow, friend.id, referrer.id)
    friend = members.lock(uow, friend.id)
    on_joining(uow, timeline, friend, key=key, at=at, now=now)
    return None


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
    referrer = members.lock(uow, members.keeper(uow, friend.referred_by))
    carry_out(
        uow,
        timeline,
        referrer,
        Request(key, referrer.id, Occasion("referral"), at, by="system"),
        now=now,
    )
    return got
