"""A referral that has come true: points for both sides, each by their own rule and limits."""

from datetime import datetime

from bot.store import UnitOfWork, members
from rules.activity import Occasion
from rules.timeline import Timeline

from .outcome import Outcome
from .record import Request, record


def on_joining(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    """Counts the referral if the programme counts it at joining."""
    if timeline.at(at).programme.referral.counts_at != "registration":
        return None
    return _count(uow, timeline, member_id, key=key, at=at, now=now)


def on_visit(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    """Counts the referral at the first visit, if the programme counts it there.

    Gives what the friend (the visitor) got by it; None when there is nothing to count.
    """
    if timeline.at(at).programme.referral.counts_at != "first_visit":
        return None
    return _count(uow, timeline, member_id, key=key, at=at, now=now)


def _count(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, key: str, at: datetime, now: datetime
) -> Outcome | None:
    friend = members.get(uow, member_id)
    if friend is None or friend.referred_by is None:
        return None
    if friend.facts.counts.get("referred"):
        return None
    got = record(
        uow,
        timeline,
        Request(f"{key}:referred", member_id, Occasion("referred"), at, by="system"),
        now=now,
    )
    record(
        uow,
        timeline,
        Request(f"{key}:referral", friend.referred_by, Occasion("referral"), at, by="system"),
        now=now,
    )
    return got
