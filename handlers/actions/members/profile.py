"""The member's own words about themselves: birthday, language, what they want to be sent; and what
staff note of them: name, telephone, a word for colleagues."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.phones import e164
from bot.store.members import changes, consents, line_accounts, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.recording.work import Work
from rules.activity import BirthdayTold
from rules.base import Lang, Refusal
from rules.facts import Birthday
from rules.sending.policy import Topic

from ..recording.idempotency import once, once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement, Outcome
from ..recording.record import Request, carry_out

#: As long as they fit into the store.
NAME_MAX = 60
NOTE_MAX = 500


@dataclass(frozen=True, slots=True)
class ToldBirthday:
    """A birthday as the member told it."""

    member_id: int
    birthday: Birthday
    #: When they did.
    at: datetime
    #: What a child's guardian agreed to; else None.
    guardian_wording: str | None = None
    #: Where they did.
    channel: Literal["line", "counter"] = "line"


def tell_birthday(work: Work, told: ToldBirthday) -> Outcome:
    """Notes the birthday; the first one completes the profile, which earns by its rule."""
    born = told.birthday
    asked = (
        f"birthday {told.member_id} {born.month} {born.day} {born.year} {told.guardian_wording} "
        f"{work.made_by}"
    )
    return once(work, asked, lambda: note_birthday(work, told))


def note_birthday(work: Work, told: ToldBirthday) -> Outcome:
    """The same within an action that has claimed the key."""
    member_id, born = told.member_id, told.birthday
    what = BirthdayTold(born.month, born.day, born.year)
    outcome = carry_out(work, Request(member_id, what, told.at))
    if outcome.done and told.guardian_wording:
        consents.note(
            work.uow,
            member_id,
            "guardian",
            channel=told.channel,
            wording=told.guardian_wording,
            at=work.now,
        )
    return outcome


def choose_language(work: Work, member_id: int, language: Lang, *, at: datetime) -> None:
    """Sets the language of the member and of the LINE account they use, unless they chose again
    after `at`."""
    uow = work.uow
    member = members.get(uow, member_id)
    if member is None:
        raise LookupError("no such member")
    if not changes.newest(uow, _subject(work, member_id), "language", at=at):
        return
    # The account first, as everything does that touches both: so nobody waits in a circle.
    if member.line_user_id is not None:
        line_accounts.set_language(uow, member.line_user_id, language)
    members.set_language(uow, member_id, language)


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """Whether the member wants to hear of a topic, and when they said so."""

    topic: Topic
    wanted: bool
    at: datetime


def choose_topic(work: Work, member_id: int, choice: TopicChoice) -> frozenset[str]:
    """Turns a topic on or off, unless the member chose again since; of two choices at one moment,
    off. Gives the topics that are off now."""
    uow, field = work.uow, f"topic:{choice.topic}"
    left = set(members.lock(uow, member_id).topics_left)
    if changes.newest(
        uow, _subject(work, member_id), field, at=choice.at, wins_ties=not choice.wanted
    ):
        left = left - {choice.topic} if choice.wanted else {*left, choice.topic}
        members.set_topics_left(uow, member_id, left)
    return frozenset(left)


def _subject(work: Work, member_id: int) -> tuple[str, ...]:
    return work.codes.marks("member", str(member_id))


def set_profile(work: Work, member_id: int, typed: Profile) -> Acknowledgement:
    """Notes what staff typed of the member, the telephone number in any spelling.

    Refused with erased, profile_long or phone_unknown. Of what changed only the names of the
    fields are logged.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        country = work.programme.shop.country
        profile = Refusal("erased") if member.erased_at else checked_profile(typed, country)
        if isinstance(profile, Refusal):
            return Acknowledgement(profile.code)
        before = profiles.get(work.uow, member_id)
        profiles.put(work.uow, member_id, profile, at=work.now)
        changed = [
            name
            for name in ("name", "kana", "phone", "note")
            if getattr(profile, name) != getattr(before, name)
        ]
        if "phone" in changed:
            changes.newest(work.uow, _subject(work, member_id), "phone", at=work.now)
        note(work, "profile", member_id=member_id, changed=changed)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"profile {member_id} {typed!r}", act)


def checked_profile(typed: Profile, country: str) -> Profile | Refusal:
    """What was typed as it is kept: names on one line, the number as E.164."""
    name, kana = " ".join(typed.name.split()), " ".join(typed.kana.split())
    words = typed.note.strip()
    if len(name) > NAME_MAX or len(kana) > NAME_MAX or len(words) > NOTE_MAX:
        return Refusal("profile_long")
    phone = e164(typed.phone, country) if typed.phone.strip() else ""
    if phone is None:
        return Refusal("phone_unknown")
    return Profile(name, kana, phone, words)
