"""Referrals: points for both sides, each by their own rule and limits.

That a friend was invited stands in their history, and when it counts is decided where a replay
sees it (`rules/judging/triggers.py`). The referrer's side follows: where what the friend did is
taken back, or something earlier arrives, it goes too, or on.

Both members are locked, the friend first. As whoever refers was a member before, these locks never
form a circle.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.store.history import history
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Invited, Referral
from rules.base import Refusal
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay

from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from ..recording.rewrite import AddedActivity, RewrittenHistory, work_out, write_down

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
    # Whoever had been a member before has no joining that counts.
    known = known or not friend.facts.counts.get("registration")
    if known or at - friend.joined_at > CODE_LIFE:
        return Refusal("referral_member")
    if referrer is None or referrer.joined_at >= friend.joined_at:
        return Refusal("referral_member")
    members.set_referred_by(work.uow, friend.id, referrer.id)
    note_invitation(work, friend.id)
    return None


def note_invitation(work: Work, friend_id: int) -> Outcome:
    """Writes into the history of a member with a referrer that they joined by invitation. Gives
    what that brought them: something, where the programme counts the referral at joining."""
    friend = members.lock(work.uow, friend_id)
    invited = carry_out(work.acting("system"), Request(friend.id, Invited(), friend.joined_at))
    if invited.done:
        _follow(work, friend, at=friend.joined_at)
    return invited


def on_recorded(work: Work, friend_id: int, *, at: datetime) -> None:
    """Gives the referrer their side of it when a friend's visit or purchase, just recorded, made it
    count."""
    if members.lock(work.uow, friend_id).referred_by is not None:
        _follow(work, work.recorded[-1].before, at=at)


def _follow(work: Work, before: Member, *, at: datetime) -> None:
    """`before`: the friend as they were before what was just recorded of them, as of `at`."""
    friend = members.lock(work.uow, before.id)
    if not friend.facts.counts.get("referred"):
        return
    if not before.facts.counts.get("referred"):
        referrer_id = members.keeper(work.uow, _referrer(friend))
        if referrer_id == friend.id:
            return
        carry_out(work.acting("system"), Request(referrer_id, Referral(friend.id), at))
    elif at < before.facts.last_at:
        past = history.of(work.uow, friend.id)
        judged = work.replay(friend, past)
        for rewritten in after_rewriting(work, friend, past, judged):
            write_down(work, rewritten)


def _referrer(friend: Member) -> int:
    if friend.referred_by is None:
        raise LookupError("nobody invited them")
    return friend.referred_by


def after_rewriting(
    work: Work, friend: Member, past: Sequence[RecordedActivity], judged: Replay
) -> list[RewrittenHistory]:
    """What the referrer's history comes to when the friend's is now `past`, judged: their side is
    as of what makes it count. Nothing where it is already, or where they never had it."""
    if friend.referred_by is None:
        return []
    referrer = members.lock(work.uow, members.keeper(work.uow, friend.referred_by))
    theirs = history.standing(work.uow, referrer.id, Referral(friend.id))
    # Nothing is taken any more of somebody erased.
    if theirs is None or referrer.id == friend.id or referrer.erased_at is not None:
        return []
    cause = _cause(past, judged)
    if cause is not None and cause.activity.at == theirs.activity.at:
        return []
    moved = _moved(work, referrer, theirs, cause, friend) if cause else []
    return [work_out(work, referrer, [theirs], added=moved)]


def _cause(past: Sequence[RecordedActivity], judged: Replay) -> RecordedActivity | None:
    """What the friend did that makes the referral count."""
    for step in judged.steps:
        if isinstance(step.outcome, Decision) and "referred" in step.outcome.triggers:
            return next(recorded for recorded in past if recorded.seq == step.seq)
    return None


def _moved(
    work: Work,
    referrer: Member,
    theirs: RecordedActivity,
    cause: RecordedActivity,
    friend: Member,
) -> list[AddedActivity]:
    """The referrer's side at its new time; nowhere if it wouldn't be taken there: nothing is
    counted, for one, while somebody has left."""
    at = cause.activity
    activity = replace(theirs.activity, at=at.at, day=at.day, holiday=at.holiday)
    new = RecordedActivity(referrer.seq + 1, activity)
    rest = [each for each in history.of(work.uow, referrer.id) if each != theirs]
    judged = work.replay(referrer, [*rest, new])
    if not isinstance(judged.decision(new.seq), Decision):
        return []
    return [AddedActivity(new, history.key_of(work.uow, friend.id, cause.seq))]
