"""What members tell about themselves, step by step (`rules/profile`).

What is told stands beside the history, where the newest counts; that a step was told for the first
time is part of the history, and earns by its rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.store.history import claims
from bot.store.history.claims import TOLD_PHONE
from bot.store.members import changes, consents, members, phone_proofs, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.recording.work import Work
from rules.activity import ProfileTold, StepId
from rules.base import Refusal
from rules.profile.answers import FIELDS, Answer, nothing, read_answer
from rules.profile.steps import ProfileStep, told

from ..recording.idempotency import once, once_for
from ..recording.log import note
from ..recording.outcome import (
    ACKNOWLEDGEMENT,
    Acknowledgement,
    Outcome,
    outcome_of_all,
    outcome_of_refusal,
)
from ..recording.record import Request, carry_out

Channel = Literal["line", "card", "counter"]
#: What staff type where a member is put right or joins; the rest has a form of its own.
TYPED_BY_STAFF: tuple[StepId, ...] = ("name", "kana", "phone")


@dataclass(frozen=True, slots=True)
class StepConsent:
    """To which very words somebody agreed for a step, when, and by which channel."""

    wording: str
    at: datetime
    channel: Channel = "line"


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What somebody answered to a step, as they typed or chose it."""

    step: StepId
    typed: tuple[str, ...]
    #: The very words that they agreed to for it; None where they agreed to none.
    agreed: str | None = None


@dataclass(frozen=True, slots=True)
class StepAnswers:
    """What a member told, at one moment by one channel."""

    member_id: int
    answers: tuple[StepAnswer, ...]
    at: datetime
    channel: Channel = "line"


def tell_steps(work: Work, told_now: StepAnswers) -> Outcome:
    """Notes what a member told: all of it, or where something can't be noted, nothing.

    Refused with erased, merged or left, with step_unasked, consent_missing, or as `read_answer`.
    """
    member_id = told_now.member_id
    asked = work.codes.marks("answers", repr(told_now.answers))[0]

    def act() -> Outcome:
        return _tell(work, members.lock(work.uow, member_id), told_now)

    return once(work, f"tell {member_id} {asked} {work.made_by}", act)


def _tell(work: Work, member: Member, told_now: StepAnswers) -> Outcome:
    if no := refuse_member(member):
        return outcome_of_refusal(member.id, no)
    read = []
    for answer in told_now.answers:
        found = _read(work, member.id, answer)
        if isinstance(found, Refusal):
            return outcome_of_refusal(member.id, found)
        read.append((answer, found))
    outcomes = [Outcome(member.id, balance=member.facts.balance)]
    for answer, found in read:
        step = work.programme.profile.step(answer.step)
        if answer.agreed is not None and step is not None and needs_consent(work, member.id, step):
            agreed = StepConsent(answer.agreed, told_now.at, told_now.channel)
            agree_to_step(work, member.id, answer.step, agreed)
        outcomes.append(keep(work, member.id, answer.step, found, at=told_now.at))
    if work.actor is not None:
        changed = [name for answer, _ in read for name in FIELDS[answer.step]]
        note(work, "profile", member_id=member.id, changed=changed)
    return outcome_of_all(outcomes)


def refuse_member(member: Member) -> Refusal | None:
    """Why nothing is told of this member any more: erased, merged or left."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    return Refusal("left") if member.facts.membership == "left" else None


def _read(work: Work, member_id: int, answer: StepAnswer) -> Answer | Refusal:
    step = work.programme.profile.step(answer.step)
    if step is None or step.id in ("birthday", "phone"):
        return Refusal("step_unasked")
    if answer.agreed is None and needs_consent(work, member_id, step):
        return Refusal("consent_missing")
    return read_answer(step, answer.typed)


def needs_consent(work: Work, member_id: int, step: ProfileStep) -> bool:
    """Whether something is to be agreed to before the step is told, and hasn't been."""
    asks = step.consent is not None and step.id in consents.OF_STEPS
    return asks and not consents.agreed_to_step(work.uow, member_id, step.id)


def agree_to_step(work: Work, member_id: int, step: StepId, agreed: StepConsent) -> None:
    """Notes that the member agreed to what a step of the profile is used for."""
    members.lock(work.uow, member_id)
    consents.note(
        work.uow,
        member_id,
        consents.OF_STEPS[step][0],
        channel=agreed.channel,
        wording=agreed.wording,
        at=agreed.at,
    )


def is_known(known: Profile, step: StepId) -> bool:
    """Whether an answer to the step stands in the profile."""
    return any(getattr(known, name) for name in FIELDS.get(step, ()))


def keep(work: Work, member_id: int, step: StepId, answer: Answer, *, at: datetime) -> Outcome:
    """Writes an answer down within an action that has claimed the key, unless a newer one is known;
    the first one is recorded, and earns."""
    if changes.newest(work.uow, _subject(work, member_id), step, at=at):
        known = profiles.get(work.uow, member_id)
        profiles.put(work.uow, member_id, replace(known, **answer), at=work.now)
    facts = members.lock(work.uow, member_id).facts
    if step in told(facts):
        return Outcome(member_id, balance=facts.balance)
    return carry_out(work, Request(member_id, _first_told(work, step, answer.get("phone", "")), at))


def _first_told(work: Work, step: StepId, phone: str) -> ProfileTold:
    """A step that a member tells for the first time. Of those who tell one telephone the first
    takes it: a mark stays, for as long as those of who was a member do."""
    if step != "phone":
        return ProfileTold(step)
    today, *before = work.codes.marks("phone told", phone)
    is_known = any(claims.is_claimed(work.uow, f"{TOLD_PHONE}{mark}") for mark in before)
    taken = claims.claim(work.uow, f"{TOLD_PHONE}{today}", "", at=work.now)
    return ProfileTold(step, shared=is_known or taken is not None)


def take_away(work: Work, member_id: int, step: StepId, *, at: datetime) -> Acknowledgement:
    """Takes an answer out of the profile again, and the consent for it back, unless a newer one is
    known. What it brought stays.

    Refused with erased.
    """

    def act() -> Acknowledgement:
        if members.lock(work.uow, member_id).erased_at is not None:
            return Acknowledgement("erased")
        subject = _subject(work, member_id)
        if step in FIELDS and changes.newest(work.uow, subject, step, at=at, wins_ties=True):
            known = profiles.get(work.uow, member_id)
            profiles.put(work.uow, member_id, replace(known, **nothing(step)), at=work.now)
            consents.end_step(work.uow, member_id, step)
        if step == "phone":
            # Nor is a number kept whose code is on its way.
            phone_proofs.end(work.uow, [member_id])
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"take away {member_id} {step}", act)


def note_typed(
    work: Work, member_id: int, known: Profile, steps: Iterable[StepId]
) -> list[Outcome]:
    """Records that the member told these steps, which somebody of the staff has just typed into the
    profile, where they are asked; within an action that has claimed the key. What needs a consent
    of its own is told where that is asked."""
    found = []
    for name in steps:
        step, facts = work.programme.profile.step(name), members.lock(work.uow, member_id).facts
        changes.newest(work.uow, _subject(work, member_id), name, at=work.now)
        is_new = name not in told(facts) and is_known(known, name)
        if step is not None and step.consent is None and is_new:
            first = _first_told(work, name, known.phone)
            found.append(carry_out(work, Request(member_id, first, work.now)))
    return [outcome for outcome in found if outcome.done]


def _subject(work: Work, member_id: int) -> tuple[str, ...]:
    return work.codes.marks("member", str(member_id))
