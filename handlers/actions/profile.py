"""The member's own words about themselves: birthday, language, what they want to be sent."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork, consents, line_accounts, members
from rules.activity import BirthdayTold, Occasion
from rules.base import Lang
from rules.sending import Topic
from rules.timeline import Timeline

from .once import once
from .outcome import Outcome
from .record import Request, carry_out


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday as told. `guardian_wording` is what a child's guardian agreed to, else None."""

    key: str
    member_id: int
    month: int
    day: int
    year: int | None
    at: datetime
    guardian_wording: str | None = None


def tell_birthday(uow: UnitOfWork, timeline: Timeline, told: Birthday, *, now: datetime) -> Outcome:
    """Notes the birthday; the first time, the profile is complete and earns by its rule.

    The outcome's grants are those for the profile.
    """
    asked = f"birthday {told.member_id} {told.month} {told.day} {told.year} {told.guardian_wording}"
    return once(uow, told.key, asked, lambda: _tell(uow, timeline, told, now=now), now=now)


def _tell(uow: UnitOfWork, timeline: Timeline, told: Birthday, *, now: datetime) -> Outcome:
    member = members.lock(uow, told.member_id)
    first_time = member.facts.birthday is None
    what = BirthdayTold(told.month, told.day, told.year)
    request = Request(told.key, member.id, what, told.at, by="member")
    outcome = carry_out(uow, timeline, member, request, now=now)
    if not outcome.done:
        return outcome
    if told.guardian_wording:
        consents.note(
            uow,
            member.id,
            "guardian",
            channel="line",
            wording=told.guardian_wording,
            at=now,
        )
    if not first_time:
        return outcome
    completed = Request(told.key, member.id, Occasion("profile"), told.at, by="member")
    return carry_out(uow, timeline, members.lock(uow, member.id), completed, now=now)


def choose_language(uow: UnitOfWork, member_id: int, language: Lang) -> None:
    """Sets the language of the member and of the LINE account they use."""
    member = members.get(uow, member_id)
    if member is None:
        raise LookupError("no such member")
    # The account first, as everything does that touches both: so nobody waits in a circle.
    if member.line_user_id is not None:
        line_accounts.set_language(uow, member.line_user_id, language)
    members.set_language(uow, member_id, language)


def choose_topic(uow: UnitOfWork, member_id: int, topic: Topic, *, wanted: bool) -> frozenset[str]:
    """Turns a topic on or off; gives the topics that are off now."""
    member = members.lock(uow, member_id)
    left = set(member.topics_left) - {topic} if wanted else {*member.topics_left, topic}
    members.set_topics_left(uow, member_id, left)
    return frozenset(left)
