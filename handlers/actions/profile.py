"""The member's own words about themselves: birthday, language, what they want to be sent."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork, consents, line_accounts, members
from rules.activity import BirthdayTold, Occasion
from rules.base import Lang
from rules.sending import Topic
from rules.timeline import Timeline

from .outcome import Outcome
from .record import Request, record


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
    what = BirthdayTold(told.month, told.day, told.year)
    request = Request(told.key, told.member_id, what, told.at, by="member")
    outcome = record(uow, timeline, request, now=now)
    if not outcome.done:
        return outcome
    if told.guardian_wording:
        consents.note(
            uow,
            told.member_id,
            "guardian",
            channel="line",
            wording=told.guardian_wording,
            at=now,
        )
    member = members.lock(uow, told.member_id)
    if member.facts.birthday and member.facts.birthday.changes > 0:
        return outcome
    completed = Request(
        f"{told.key}:profile", told.member_id, Occasion("profile"), told.at, by="member"
    )
    return record(uow, timeline, completed, now=now)


def choose_language(uow: UnitOfWork, member_id: int, language: Lang) -> None:
    """Sets the language of the member and of the LINE account they use."""
    member = members.lock(uow, member_id)
    members.set_language(uow, member_id, language)
    if member.line_user_id is not None:
        line_accounts.set_language(uow, member.line_user_id, language)


def choose_topic(uow: UnitOfWork, member_id: int, topic: Topic, *, wanted: bool) -> frozenset[str]:
    """Turns a topic on or off; gives the topics that are off now."""
    member = members.lock(uow, member_id)
    left = set(member.topics_left) - {topic} if wanted else {*member.topics_left, topic}
    members.set_topics_left(uow, member_id, left)
    return frozenset(left)
