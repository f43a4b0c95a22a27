"""Joining at the counter without LINE: a card on paper, for children, older people, families."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from rules.base import Lang, Refusal
from rules.facts import Birthday as Born
from rules.programme.birthdays import check_birthday, needs_guardian
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .join import Joining, enrol
from .profile import Birthday, checked, note_birthday
from .sms_consent import note_agreement


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins at the counter, the profile as typed. `purpose` is the wording on the use of their
    data that they were shown; `guardian` what a child's guardian agreed to, else None; `sms` in
    which words they agreed to SMS, else None."""

    key: str
    language: Lang
    purpose: str
    profile: Profile
    birthday: Born | None = None
    guardian: str | None = None
    sms: str | None = None


def join_at_counter(
    uow: UnitOfWork, timeline: Timeline, desk: Desk, newcomer: Newcomer, *, now: datetime
) -> Outcome:
    """Makes a member without LINE, with a card number, the profile and the welcome.

    Refused (then with member_id 0) with profile_name, profile_long, phone_unknown, birthday_year or
    guardian_missing.
    """

    def work() -> Outcome:
        programme = timeline.at(now).programme
        profile = _checked(programme, newcomer, now)
        if isinstance(profile, Refusal):
            return refused(0, profile, balance=0)
        outcome = _enrol(uow, timeline, newcomer, profile, now=now)
        note(uow, desk, "join", now=now, key=newcomer.key, member_id=outcome.member_id)
        if newcomer.sms is not None:
            note_agreement(
                uow, desk, outcome.member_id, wording=newcomer.sms, key=newcomer.key, now=now
            )
        return outcome

    return once(uow, newcomer.key, f"counter join {newcomer!r}", work, now=now)


def _checked(programme: Programme, newcomer: Newcomer, now: datetime) -> Profile | Refusal:
    born, today = newcomer.birthday, programme.shop.business_date(now)
    if born is not None:
        no = check_birthday(
            programme.profile, None, born.year, today, month=born.month, day=born.day
        )
        if no is not None:
            return no
        if newcomer.guardian is None and needs_guardian(programme.profile, born, today):
            return Refusal("guardian_missing")
    profile = checked(newcomer.profile, programme.shop.country)
    if isinstance(profile, Profile) and not profile.name:
        # Without LINE there is nothing else to find them by.
        return Refusal("profile_name")
    if isinstance(profile, Profile) and newcomer.sms is not None and not profile.phone:
        return Refusal("phone_unknown")
    return profile


def _enrol(
    uow: UnitOfWork,
    timeline: Timeline,
    newcomer: Newcomer,
    profile: Profile,
    *,
    now: datetime,
) -> Outcome:
    joining = Joining(
        newcomer.key, now, newcomer.language, newcomer.purpose, source="counter", by="staff"
    )
    outcome = enrol(uow, timeline, joining, now=now)
    profiles.put(uow, outcome.member_id, profile, at=now)
    born = newcomer.birthday
    if born is None:
        return outcome
    told = Birthday(
        newcomer.key, outcome.member_id, born.month, born.day, born.year, now,
        guardian_wording=newcomer.guardian, by="staff", channel="counter",
    )  # fmt: skip
    earned = note_birthday(uow, timeline, told, now=now)
    return Outcome(
        outcome.member_id,
        seq=outcome.seq,
        grants=outcome.grants + earned.grants,
        badges=outcome.badges + earned.badges,
        rank_changes=outcome.rank_changes + earned.rank_changes,
        balance=earned.balance,
    )
