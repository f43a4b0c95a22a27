"""Joining at the counter without LINE, told to staff or to a till: a card on paper, for children,
older people, families."""

from dataclasses import dataclass

from bot.store.members import profiles
from bot.store.members.profiles import Profile
from handlers.actions.recording.work import Work
from rules.activity import Source
from rules.base import Lang, Refusal
from rules.facts import Birthday
from rules.programme.birthdays import check_birthday, needs_guardian

from ..profile.steps import TYPED_BY_STAFF, note_typed
from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_all, outcome_of_refusal
from .join import JoinRequest, enrol
from .profile import ToldBirthday, checked_profile, note_apart, note_birthday
from .sms_consent import note_agreement


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins at the counter."""

    language: Lang
    #: The wording on the use of their data that they were shown.
    purpose: str
    #: As typed.
    profile: Profile
    birthday: Birthday | None = None
    #: What a child's guardian agreed to; else None.
    guardian: str | None = None
    #: In which words they agreed to SMS; else None.
    sms: str | None = None
    #: Whether staff know that whoever else has their telephone number is somebody else.
    another: bool = False


def join_at_counter(work: Work, newcomer: Newcomer) -> Outcome:
    """Makes a member without LINE, with a card number, the profile and the welcome.

    Refused (then with member_id 0) with profile_name, profile_long, phone_unknown, birthday_year,
    guardian_missing, or phone_known where they may have a card.
    """

    def act() -> Outcome:
        profile = _checked_profile(work, newcomer)
        if isinstance(profile, Refusal):
            return outcome_of_refusal(0, profile)
        others = profiles.with_phone(work.uow, profile.phone)
        if others and not newcomer.another:
            return outcome_of_refusal(0, Refusal("phone_known"))
        outcome = _enrol(work, newcomer, profile)
        note(work, "join", member_id=outcome.member_id)
        for other in others:
            note_apart(work, outcome.member_id, other)
        if newcomer.sms is not None:
            note_agreement(work, outcome.member_id, wording=newcomer.sms)
        return outcome

    return once(work, f"counter join {newcomer!r}", act)


def _checked_profile(work: Work, newcomer: Newcomer) -> Profile | Refusal:
    programme, born, today = work.programme, newcomer.birthday, work.day
    if born is not None:
        no = check_birthday(
            programme.profile, None, born.year, today, month=born.month, day=born.day
        )
        if no is not None:
            return no
        if newcomer.guardian is None and needs_guardian(programme.profile, born, today):
            return Refusal("guardian_missing")
    profile = checked_profile(newcomer.profile, programme.shop.country)
    if isinstance(profile, Profile) and not profile.name:
        # Without LINE there is nothing else to find them by.
        return Refusal("profile_name")
    if isinstance(profile, Profile) and newcomer.sms is not None and not profile.phone:
        return Refusal("phone_unknown")
    return profile


def _enrol(work: Work, newcomer: Newcomer, profile: Profile) -> Outcome:
    source: Source = "counter" if work.client is None else "api"
    joining = JoinRequest(
        work.now, newcomer.language, newcomer.purpose, source=source, phone=profile.phone
    )
    outcome = enrol(work, joining)
    profiles.put(work.uow, outcome.member_id, profile, at=work.now)
    outcomes = [outcome, *note_typed(work, outcome.member_id, profile, TYPED_BY_STAFF)]
    born = newcomer.birthday
    if born is None:
        return outcome_of_all(outcomes)
    told = ToldBirthday(
        outcome.member_id, born, work.now, guardian_wording=newcomer.guardian, channel="counter"
    )
    earned = note_birthday(work, told)
    return outcome_of_all([*outcomes, earned] if earned.done else outcomes)
