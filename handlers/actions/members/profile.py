"""The member's own words about themselves: birthday, language, what they want to be sent; and what
staff note of them: name, telephone, a word for colleagues."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Literal

from bot.phones import e164
from bot.store.members import changes, consents, line_accounts, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.recording.work import Work
from rules.activity import BirthdayTold
from rules.base import Lang, Refusal
from rules.facts import Birthday
from rules.programme.birthdays import check_birthday, needs_guardian
from rules.sending.policy import Topic

from ..profile.steps import TYPED_BY_STAFF, note_typed
from ..recording.idempotency import once, once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement, Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out

#: As long as they fit into the store.
NAME_MAX = 60
NOTE_MAX = 500
#: A family may have one telephone. Of more cards than these nobody wants to be asked.
SAME_MAX = 3


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
    channel: Literal["line", "counter", "card"] = "line"


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


def mend_birthday(work: Work, told: ToldBirthday) -> Outcome:
    """Puts right, for somebody of the staff, when the member was born. Where no year is given, the
    one that is known stays. What a birthday brought stays, and no year brings it twice.

    Refused with birthday_year or guardian_missing, or as recording it is.
    """

    def act() -> Outcome:
        member = members.lock(work.uow, told.member_id)
        known = member.facts.birthday
        born = _with_known_year(told.birthday, known)
        if known and (born.year, born.month, born.day) == (known.year, known.month, known.day):
            return Outcome(member.id, balance=member.facts.balance)
        if refusal := _refuse_birthday(work, born, told):
            return outcome_of_refusal(member.id, refusal)
        outcome = note_birthday(work, replace(told, birthday=born))
        if outcome.done:
            note(work, "profile", member_id=member.id, changed=["birthday"])
        return outcome

    born = told.birthday
    asked = f"mend birthday {told.member_id} {born.month} {born.day} {born.year}"
    return once(work, f"{asked} {told.guardian_wording}", act)


def _with_known_year(born: Birthday, known: Birthday | None) -> Birthday:
    if born.year is not None or known is None or known.year is None:
        return born
    try:
        date(known.year, born.month, born.day)
    except ValueError:
        # 29 February of a year that had none.
        return born
    return replace(born, year=known.year)


def _refuse_birthday(work: Work, born: Birthday, told: ToldBirthday) -> Refusal | None:
    policy, day = work.programme.profile, work.day
    if no := check_birthday(policy, None, born.year, day, month=born.month, day=born.day):
        return no
    if told.guardian_wording is not None or not needs_guardian(policy, born, day):
        return None
    agreed = (consent.kind == "guardian" for consent in consents.of(work.uow, told.member_id))
    return None if any(agreed) else Refusal("guardian_missing")


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


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What staff typed of a member."""

    typed: Profile
    #: What their page had shown; None where nobody knows.
    shown: Profile | None = None
    #: Whether the number that is known stays: their page doesn't show it.
    keeps_phone: bool = False


def set_profile(work: Work, member_id: int, edit: ProfileEdit) -> Acknowledgement:
    """Notes what staff typed of the member, the telephone number in any spelling. What they left as
    it was shown stays as it is by now.

    Refused with erased, profile_long, phone_unknown, or profile_changed where somebody else has
    changed the same since it was shown. Of what changed only the names of the fields are logged.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        before = profiles.get(work.uow, member_id)
        profile = Refusal("erased") if member.erased_at else _edited(work, before, edit)
        if isinstance(profile, Refusal):
            return Acknowledgement(profile.code)
        profiles.put(work.uow, member_id, profile, at=work.now)
        changed = [
            name
            for name in ("name", "kana", "phone", "note")
            if getattr(profile, name) != getattr(before, name)
        ]
        note_typed(work, member_id, profile, [s for s in TYPED_BY_STAFF if s in changed])
        note(work, "profile", member_id=member_id, changed=changed)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"profile {member_id} {edit!r}", act)


def _edited(work: Work, known: Profile, edit: ProfileEdit) -> Profile | Refusal:
    """The profile with what was changed of it."""
    typed = replace(edit.typed, phone=known.phone) if edit.keeps_phone else edit.typed
    profile, shown = checked_profile(typed, work.programme.shop.country), edit.shown
    if isinstance(profile, Refusal):
        return profile
    profile = replace(
        known, name=profile.name, kana=profile.kana, phone=profile.phone, note=profile.note
    )
    if shown is None:
        return profile
    for field in ("name", "kana", "note"):
        now, was, new = (getattr(each, field) for each in (known, shown, profile))
        if new == was:
            profile = replace(profile, **{field: now})
        elif now not in (was, new):
            return Refusal("profile_changed")
    return profile


def same_phone(work: Work, member_id: int) -> list[int]:
    """The other members with this one's telephone number who may be the same person: nobody has
    said yet that they are not. At most SAME_MAX."""
    phone = profiles.get(work.uow, member_id).phone
    others = [each for each in profiles.with_phone(work.uow, phone) if each != member_id]
    asked = (each for each in sorted(others) if not _are_apart(work, (member_id, each), phone))
    return list(islice(asked, SAME_MAX))


def tell_apart(work: Work, member_id: int, other_id: int) -> Acknowledgement:
    """Notes that two members with one telephone number are two people: nobody is asked again.

    Refused with merged where they have become one since.
    """

    def act() -> Acknowledgement:
        if members.keeper(work.uow, other_id) == members.keeper(work.uow, member_id):
            return Acknowledgement("merged")
        note_apart(work, member_id, other_id)
        note(work, "apart", member_id=member_id, other=other_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"apart {member_id} {other_id}", act)


def note_apart(work: Work, member_id: int, other_id: int) -> None:
    """The same within an action that has claimed the key."""
    phone = profiles.get(work.uow, member_id).phone
    pair = _pair(work, (member_id, other_id), phone)
    changes.newest(work.uow, pair, changes.APART, at=work.now)


def _are_apart(work: Work, two: tuple[int, int], phone: str) -> bool:
    return changes.last(work.uow, _pair(work, two, phone), changes.APART) is not None


def _pair(work: Work, two: tuple[int, int], phone: str) -> tuple[str, ...]:
    return work.codes.marks(changes.APART, f"{min(two)} {max(two)} {phone}")


def checked_profile(typed: Profile, country: str) -> Profile | Refusal:
    """What was typed as it is kept: names on one line, the number as E.164."""
    name, kana = " ".join(typed.name.split()), " ".join(typed.kana.split())
    words = typed.note.replace("\r\n", "\n").strip()
    if len(name) > NAME_MAX or len(kana) > NAME_MAX or len(words) > NOTE_MAX:
        return Refusal("profile_long")
    phone = e164(typed.phone, country) if typed.phone.strip() else ""
    if phone is None:
        return Refusal("phone_unknown")
    return Profile(name, kana, phone, words)
