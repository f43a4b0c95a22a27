"""What comes round by itself: a birthday, a year of membership.

It happens on its own day, also when the night's work of that day is made good later.
"""

from datetime import date, datetime

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.members import Member
from rules.activity import Anniversary, Occasion, What
from rules.programme.badges import full_years
from rules.programme.birthdays import has_come
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


def celebrate_birthday(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, day: date, now: datetime
) -> Outcome | None:
    """Gives what the programme gives for a birthday, once a year; None when it is not one."""
    member = members.lock(uow, member_id)
    birthday = member.facts.birthday
    policy = timeline.at(now).programme.profile
    if member.membership != "active" or birthday is None or not has_come(policy, birthday, day):
        return None
    if member.facts.counts.get(f"birthday:{day.year}"):
        return None
    key = f"tick:birthday:{day.year}:{member_id}"
    return _celebrate(uow, timeline, member, Occasion("birthday"), key=key, day=day, now=now)


def celebrate_anniversary(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, day: date, now: datetime
) -> Outcome | None:
    """Gives what the programme gives for full years of membership; None in the first year."""
    member = members.lock(uow, member_id)
    years = full_years(member.facts.joined_on, day)
    if member.membership != "active" or years < 1:
        return None
    key = f"tick:anniversary:{years}:{member_id}"
    return _celebrate(uow, timeline, member, Anniversary(years), key=key, day=day, now=now)


def _celebrate(
    uow: UnitOfWork,
    timeline: Timeline,
    member: Member,
    what: What,
    *,
    key: str,
    day: date,
    now: datetime,
) -> Outcome:
    shop = timeline.at(now).programme.shop
    at = now if shop.business_date(now) <= day else shop.opens(day)
    request = Request(key, member.id, what, at, by="system")
    return once(
        uow,
        key,
        f"{member.id} {what!r}",
        lambda: carry_out(uow, timeline, member, request, now=now),
        now=now,
    )
