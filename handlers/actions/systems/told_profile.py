"""What another system of the shop's tells of a member's profile: the newest word counts, whoever
said it and whichever comes first."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store.members import changes, members, profiles
from handlers.actions.recording.work import Work
from rules.activity import StepId
from rules.base import Lang, Refusal

from ..members.profile import checked_profile, choose_language
from ..profile.steps import TYPED_BY_STAFF, note_typed
from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


@dataclass(frozen=True, slots=True)
class ProfileWord:
    """What is told of a member, each None where nothing is; an empty text takes away."""

    member_id: int
    #: When it was so there.
    at: datetime
    name: str | None = None
    kana: str | None = None
    #: In any spelling.
    phone: str | None = None
    language: Lang | None = None


def tell_profile(work: Work, word: ProfileWord) -> Acknowledgement:
    """Notes what was told, but for what somebody has changed since `at`.

    Refused with erased, merged, profile_long or phone_unknown.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, word.member_id)
        if member.erased_at is not None or member.merged_into is not None:
            return Acknowledgement("erased" if member.erased_at is not None else "merged")
        no = _write(work, replace(word, at=min(word.at, work.now)))
        return Acknowledgement(no.code if no else None)

    told = (word.name, word.kana, word.phone, word.language)
    return once_for(ACKNOWLEDGEMENT, work, f"tell profile {word.member_id} {told}", act)


def _write(work: Work, word: ProfileWord) -> Refusal | None:
    uow, member_id = work.uow, word.member_id
    known = profiles.get(uow, member_id)
    told: dict[StepId, str | None] = {"name": word.name, "kana": word.kana, "phone": word.phone}
    typed = {step: text for step, text in told.items() if text is not None}
    profile = checked_profile(replace(known, **typed), work.programme.shop.country)
    if isinstance(profile, Refusal):
        return profile
    subject = work.codes.marks("member", str(member_id))
    fresh = [step for step in typed if changes.newest(uow, subject, step, at=word.at)]
    changed = [step for step in fresh if getattr(profile, step) != getattr(known, step)]
    if changed:
        new = replace(known, **{step: getattr(profile, step) for step in changed})
        profiles.put(uow, member_id, new, at=work.now)
        note_typed(work, member_id, new, [step for step in TYPED_BY_STAFF if step in changed])
        note(work, "profile", member_id=member_id, changed=changed)
    if word.language is not None:
        choose_language(work, member_id, word.language, at=word.at)
    return None
