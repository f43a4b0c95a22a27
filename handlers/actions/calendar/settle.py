"""What the end of a week or a month does to a member, and the warning before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.store.history import history
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.programme.ranks import RankChange, at_risk
from rules.shop import month_start, next_month

from ..telling.messages import SayRankAtRisk, tell_rank
from ..telling.warnings import OwedWarning, warn


def settle(work: Work, member_id: int, *, day: date) -> tuple[RankChange, ...]:
    """Judges the periods of one member that ended by business day `day`, and queues the news.

    Doing it again, or never (the next visit does it too), leads to the same ranks.
    """
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return ()
    facts, changes = work.settled_to(member, day)
    if facts is member.facts:
        return ()
    history.add_rank_changes(work.uow, member_id, changes)
    # Of all whom a Monday judges few have lived anything since: only they are counted anew.
    lived = bool(changes) or facts.badges != member.facts.badges
    members.save(work.uow, replace(member, facts=facts), work.foresight, lived=lived)
    if changes and member.membership == "active":
        tell_rank(work, member, changes[-1], day=day)
    return changes


def warn_of_rank(work: Work, member_id: int, *, day: date, sms: bool = False) -> bool:
    """Queues the warning that the rank goes at the month's end, as an SMS if the club can send some
    and nothing else reaches them; False when the rank is safe."""
    member = members.lock(work.uow, member_id)
    if not _is_in_danger(work, member, day):
        return False
    programme, month = work.programme, month_start(day)
    ends = programme.shop.opens(next_month(day))
    useful = max(ends - work.now, timedelta(0))
    warning = OwedWarning(SayRankAtRisk(month=month), month.isoformat(), useful)
    return warn(work, member, warning, sms=sms)


def rank_in_danger(work: Work, ids: Sequence[int], *, day: date) -> list[int]:
    """Those of the members whose rank goes at the month's end, by reading alone."""
    return [m.id for m in members.many(work.uow, ids) if _is_in_danger(work, m, day)]


def _is_in_danger(work: Work, member: Member, day: date) -> bool:
    programme = work.programme
    if programme.ranks is None or member.membership != "active":
        return False
    facts, _ = work.settled_to(member, day)
    return at_risk(programme.ranks, programme.shop, facts, day) is not None
