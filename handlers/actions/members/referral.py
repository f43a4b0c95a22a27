"""A referral that has come true: points for both sides, each by their own rule and limits.

Both members are locked, the friend first. As whoever refers was a member before, these locks never
form a circle.
"""

from datetime import datetime, timedelta

from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.activity import Occasion
from rules.base import Refusal

from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out

#: How long after joining a code may still be brought.
CODE_LIFE = timedelta(days=7)


def bring(work: Work, friend_id: int, code: str, *, at: datetime) -> Refusal | None:
    """Notes who invited a member that has just joined: adding the account joins them before they
    can send the code. None when it counts; else why not.

    Taken for CODE_LIFE after joining and before the first visit, from somebody who was there first.
    """
    friend = members.lock(work.uow, friend_id)
    owner_id = members.by_code(work.uow, "referral", code)
    if owner_id is None:
        return Refusal("referral_unknown")
    referrer_id = members.keeper(work.uow, owner_id)
    if referrer_id == friend.id:
        return Refusal("referral_self")
    referrer = members.get(work.uow, referrer_id)
    known = friend.referred_by is not None or friend.facts.visits > 0
    if known or at - friend.joined_at > CODE_LIFE:
        return Refusal("referral_member")
    if referrer is None or referrer.joined_at >= friend.joined_at:
        return Refusal("referral_member")
    members.set_referred_by(work.uow, friend.id, referrer.id)
    on_joining(work, friend.id, at=at)
    return None


def on_joining(work: Work, friend_id: int, *, at: datetime) -> Outcome | None:
    """Counts the referral if the programme counts it at joining; gives what the friend got."""
    if work.timeline.at(at).programme.referral.counts_at != "registration":
        return None
    return _count(work.acting("system"), friend_id, at=at)


def on_visit(work: Work, friend_id: int, *, at: datetime) -> Outcome | None:
    """Counts the referral at the first visit, if the programme counts it there.

    Gives what the friend (the visitor) got by it; None when there is nothing to count.
    """
    if work.timeline.at(at).programme.referral.counts_at != "first_visit":
        return None
    return _count(work.acting("system"), friend_id, at=at)


def _count(work: Work, friend_id: int, *, at: datetime) -> Outcome | None:
    friend = members.lock(work.uow, friend_id)
    if friend.referred_by is None or friend.facts.counts.get("referred"):
        return None
    got = carry_out(work, Request(friend.id, Occasion("referred"), at))
    if not got.done:
        return None
    referrer_id = members.keeper(work.uow, friend.referred_by)
    carry_out(work, Request(referrer_id, Occasion("referral"), at))
    return got
