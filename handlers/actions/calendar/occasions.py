"""What comes round by itself: a birthday, a year of membership.

It happens on its own day, also when the night's work of that day is made good later.
"""

from datetime import date

from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Anniversary, Occasion, What
from rules.programme.badges import full_years
from rules.programme.birthdays import has_come

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


def celebrate_birthday(work: Work, member_id: int, *, day: date) -> Outcome | None:
    """Gives what the programme gives for a birthday, once a year; None when it is not one."""
    member = members.lock(work.uow, member_id)
    birthday = member.facts.birthday
    policy = work.programme.profile
    if member.membership != "active" or birthday is None or not has_come(policy, birthday, day):
        return None
    if member.facts.counts.get(f"birthday:{day.year}"):
        return None
    # A gift that turns out to be for no birthday of theirs comes to nothing, and the true one is
    # given under its own key.
    key = f"tick:birthday:{day:%Y-%m}:{member_id}"
    return _celebrate(work.acting("system").under(key), member, Occasion("birthday"), day=day)


def celebrate_anniversary(work: Work, member_id: int, *, day: date) -> Outcome | None:
    """Gives what the programme gives for full years of membership; None in the first year."""
    member = members.lock(work.uow, member_id)
    years = full_years(member.facts.joined_on, day)
    if member.membership != "active" or years < 1:
        return None
    key = f"tick:anniversary:{years}:{day}:{member_id}"
    return _celebrate(work.acting("system").under(key), member, Anniversary(years), day=day)


def _celebrate(work: Work, member: Member, what: What, *, day: date) -> Outcome:
    shop = work.programme.shop
    at = work.now if work.day <= day else shop.opens(day)
    request = Request(member.id, what, at)
    return once(work, f"{member.id} {what!r}", lambda: carry_out(work, request))
