"""What the end of a week or a month does to a member, and the warning before it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import members
from rules.judging.decide import advance
from rules.programme.ranks import RankChange, at_risk
from rules.programme.timeline import Timeline
from rules.shop import month_start, next_month

from ..telling.messages import SayRankAtRisk, tell_rank
from ..telling.warnings import warn

#: What happened longer ago is no news to push: the card shows it.
NEWS = timedelta(days=7)


def settle(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, day: date, now: datetime
) -> tuple[RankChange, ...]:
    """Judges the periods of one member that ended by business day `day`, and queues the news.

    Doing it again, or never (the next visit does it too), leads to the same ranks.
    """
    member = members.lock(uow, member_id)
    if member.erased_at is not None:
        return ()
    facts, changes = advance(timeline, member.facts, day)
    if facts is member.facts:
        return ()
    history.add_rank_changes(uow, member_id, changes)
    members.save(uow, replace(member, facts=facts))
    if changes and member.membership == "active" and changes[-1].on > day - NEWS:
        tell_rank(uow, member, changes[-1], day=day, now=now)
    return changes


def warn_of_rank(
    uow: UnitOfWork,
    timeline: Timeline,
    member_id: int,
    *,
    day: date,
    now: datetime,
    sms: bool = False,
) -> bool:
    """Queues the warning that the rank goes at the month's end, as an SMS if the club can send some
    and nothing else reaches them; False when the rank is safe."""
    member = members.lock(uow, member_id)
    programme = timeline.at(now).programme
    if programme.ranks is None or member.membership != "active":
        return False
    facts, _ = advance(timeline, member.facts, day)
    if at_risk(programme.ranks, programme.shop, facts, day) is None:
        return False
    month = month_start(day)
    ends = programme.shop.opens(next_month(day))
    return warn(
        uow,
        programme,
        member,
        SayRankAtRisk(month=month),
        period=month.isoformat(),
        now=now,
        useful=max(ends - now, timedelta(0)),
        sms=sms,
    )
