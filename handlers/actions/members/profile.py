"""The member's own words about themselves: birthday, language, what they want to be sent; and what
staff note of them: name, telephone, a word for colleagues."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.phones import e164
from bot.store import UnitOfWork
from bot.store.members import consents, line_accounts, members, profiles
from bot.store.members.profiles import Profile
from rules.activity import BirthdayTold, By, Occasion
from rules.base import Lang, Refusal
from rules.programme.timeline import Timeline
from rules.sending.policy import Topic

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from ..recording.record import Request, carry_out

#: As long as they fit into the store.
NAME_MAX = 60
NOTE_MAX = 500


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday as told, by whom and where. `guardian_wording` is what a child's guardian agreed
    to, else None."""

    key: str
    member_id: int
    month: int
    day: int
    year: int | None
    at: datetime
    guardian_wording: str | None = None
    by: By = "member"
    channel: Literal["line", "counter"] = "line"


def tell_birthday(uow: UnitOfWork, timeline: Timeline, told: Birthday, *, now: datetime) -> Outcome:
    """Notes the birthday; the first time, the profile is complete and earns by its rule.

    The outcome's grants are those for the profile.
    """
    asked = (
        f"birthday {told.member_id} {told.month} {told.day} {told.year} {told.guardian_wording} "
        f"{told.by}"
    )
    return once(uow, told.key, asked, lambda: note_birthday(uow, timeline, told, now=now), now=now)


def note_birthday(uow: UnitOfWork, timeline: Timeline, told: Birthday, *, now: datetime) -> Outcome:
    """The same within an action that has claimed the key."""
    member = members.lock(uow, told.member_id)
    first_time = member.facts.birthday is None
    what = BirthdayTold(told.month, told.day, told.year)
    request = Request(told.key, member.id, what, told.at, by=told.by)
    outcome = carry_out(uow, timeline, member, request, now=now)
    if not outcome.done:
        return outcome
    if told.guardian_wording:
        consents.note(
            uow,
            member.id,
            "guardian",
            channel=told.channel,
            wording=told.guardian_wording,
            at=now,
        )
    if not first_time:
        return outcome
    completed = Request(told.key, member.id, Occasion("profile"), told.at, by=told.by)
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


def set_profile(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    member_id: int,
    typed: Profile,
    *,
    key: str,
    now: datetime,
) -> Outcome:
    """Notes what staff typed of the member, the telephone number in any spelling.

    Refused with erased, profile_long or phone_unknown. Of what changed only the names of the
    fields are logged.
    """

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        country = timeline.at(now).programme.shop.country
        profile = Refusal("erased") if member.erased_at else checked(typed, country)
        if isinstance(profile, Refusal):
            return refused(member_id, profile, balance=member.facts.balance)
        before = profiles.get(uow, member_id)
        profiles.put(uow, member_id, profile, at=now)
        changes = [
            name
            for name in ("name", "kana", "phone", "note")
            if getattr(profile, name) != getattr(before, name)
        ]
        note(uow, desk, "profile", now=now, key=key, member_id=member_id, changed=changes)
        return Outcome(member_id, balance=member.facts.balance)

    return once(uow, key, f"profile {member_id} {typed!r}", work, now=now)


def checked(typed: Profile, country: str) -> Profile | Refusal:
    """What was typed as it is kept: names on one line, the number as E.164."""
    name, kana = " ".join(typed.name.split()), " ".join(typed.kana.split())
    words = typed.note.strip()
    if len(name) > NAME_MAX or len(kana) > NAME_MAX or len(words) > NOTE_MAX:
        return Refusal("profile_long")
    phone = e164(typed.phone, country) if typed.phone.strip() else ""
    if phone is None:
        return Refusal("phone_unknown")
    return Profile(name, kana, phone, words)
