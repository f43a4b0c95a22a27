"""What comes round by itself: a birthday, a year of membership."""

from datetime import date, datetime

from bot.store import UnitOfWork, members
from rules.activity import Anniversary, Occasion
from rules.badges import full_years
from rules.birthdays import has_come
from rules.timeline import Timeline

from .outcome import Outcome
from .record import Request, record


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
    return record(
        uow, timeline, Request(key, member_id, Occasion("birthday"), now, by="system"), now=now
    )


def celebrate_anniversary(
    uow: UnitOfWork, timeline: Timeline, member_id: int, *, day: date, now: datetime
) -> Outcome | None:
    """Gives what the programme gives for full years of membership; None in the first year."""
    member = members.lock(uow, member_id)
    years = full_years(member.facts.joined_on, day)
    if member.membership != "active" or years < 1:
        return None
    key = f"tick:anniversary:{years}:{member_id}"
    return record(
        uow, timeline, Request(key, member_id, Anniversary(years), now, by="system"), now=now
    )
