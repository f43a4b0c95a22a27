"""A telephone is told by proving to have it: a code of six figures goes there by SMS.

The code follows from the proof and the club's key, so that nothing that is stored says it. How
often one may be asked for is limited by member, by telephone and by day: SMS cost money, and may
be sent to others to annoy them.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.codes import Codes
from bot.phones import country_of, e164, is_mobile
from bot.store.history import claims
from bot.store.members import members, phone_proofs, profiles
from bot.store.members.phone_proofs import PhoneProof
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import as_typed, without_marks

from ..recording.idempotency import once
from ..recording.outcome import Outcome, outcome_of_refusal
from .steps import Channel, StepConsent, agree_to_step, keep, needs_consent, refuse_member

#: How long a code is good: as long as the chat waits for it, but for a minute.
GOOD_FOR = timedelta(minutes=9)
#: So many wrong codes, then none is looked at any more. One guess hits once in a million.
WRONG_MAX = 5
#: So many codes a business day a member may ask for, and may go to one telephone.
ASKED_MAX = 3
FIGURES = 6
#: Whoever asks again sooner hasn't waited for the SMS yet.
_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ToldPhone:
    """A telephone as a member typed it, to be proven."""

    member_id: int
    typed: str
    at: datetime
    channel: Channel = "line"
    #: The very words that they agreed to; None where they agreed to none.
    agreed: str | None = None


def ask_code(work: Work, told: ToldPhone) -> PhoneProof | Refusal:
    """Begins the proof of a telephone. Whoever calls sends the code (`text_phone_code`).

    Refused with erased, merged or left, with step_unasked or consent_missing; with phone_unknown,
    phone_country, phone_not_mobile or phone_proven; with codes_asked (too often today) or
    codes_full (too many by all).
    """
    member, step = members.lock(work.uow, told.member_id), work.programme.profile.step("phone")
    if no := refuse_member(member):
        return no
    if step is None:
        return Refusal("step_unasked")
    if told.agreed is None and needs_consent(work, told.member_id, step):
        return Refusal("consent_missing")
    phone = _checked_phone(work, told.typed)
    if isinstance(phone, Refusal):
        return phone
    known = profiles.get(work.uow, told.member_id)
    if phone == known.phone == known.proven_phone:
        return Refusal("phone_proven")
    last = _on_its_way(work, told.member_id, phone)
    mark = work.codes.marks("phone", phone)[0]
    if last is None and (no := _refuse_often(work, told.member_id, mark)):
        return no
    if told.agreed is not None:
        agreed = StepConsent(told.agreed, told.at, told.channel)
        agree_to_step(work, told.member_id, "phone", agreed)
    if last is not None:
        return last
    proof = PhoneProof(told.member_id, phone, work.now, work.now + GOOD_FOR)
    phone_proofs.add(work.uow, proof, mark=mark)
    return proof


def _on_its_way(work: Work, member_id: int, phone: str) -> PhoneProof | None:
    """The proof whose SMS hasn't come yet, where somebody taps twice."""
    last = phone_proofs.newest(work.uow, member_id)
    if last is None or last.phone != phone or last.wrong:
        return None
    return last if work.now < last.asked_at + _AGAIN_AFTER else None


def _checked_phone(work: Work, typed: str) -> str | Refusal:
    """The number that was typed (E.164), if a code may go there."""
    country = work.programme.shop.country
    phone = e164(typed, country)
    if phone is None:
        return Refusal("phone_unknown")
    if country_of(phone) not in (work.programme.profile.phone_countries or (country,)):
        return Refusal("phone_country")
    return phone if is_mobile(phone) else Refusal("phone_not_mobile")


def _refuse_often(work: Work, member_id: int, mark: str) -> Refusal | None:
    since = work.programme.shop.opens(work.day)
    most = work.programme.profile.phone_codes_per_day_max
    asked = phone_proofs.asked_lately(work.uow, member_id, mark, since=since)
    if max(asked.by_member, asked.to_phone) >= ASKED_MAX:
        return Refusal("codes_asked")
    if asked.by_all >= most:
        return Refusal("codes_full")
    if not _takes_turn(work, mark, range(asked.to_phone, ASKED_MAX)):
        return Refusal("codes_asked")
    is_left = _takes_turn(work, "all", range(asked.by_all, most))
    return None if is_left else Refusal("codes_full")


def _takes_turn(work: Work, who: str, left: range) -> bool:
    """Takes one of the day's turns that look `left` to a telephone, or to all; False where others
    have taken them meanwhile. Whoever takes one at the same moment is waited for."""
    turns = (f"guess:proof:{who}:{work.day.isoformat()}:{n}" for n in left)
    return any(claims.claim(work.uow, turn, "", at=work.now) is None for turn in turns)


def prove(work: Work, member_id: int, typed: str, *, at: datetime) -> Outcome:
    """Notes the telephone that a member was asked about, by the code that came there.

    Refused with erased, merged or left; with step_unasked or consent_missing, as the programme and
    their consents are by now; with phone_code_none (nothing is being proven), phone_code_over (too
    late, or too many wrong ones) or phone_code_wrong.
    """

    def act() -> Outcome:
        member = members.lock(work.uow, member_id)
        proof = phone_proofs.newest(work.uow, member_id)
        no = refuse_member(member) or _refuse_step(work, member_id) or _refuse(work, proof, typed)
        if no:
            return outcome_of_refusal(member_id, no)
        if proof is None:
            raise RuntimeError("what is not there can't be proven")
        phone_proofs.end(work.uow, [member_id])
        answer = {"phone": proof.phone, "proven_phone": proof.phone}
        return keep(work, member_id, "phone", answer, at=at)

    asked = work.codes.marks("phone code typed", typed)[0]
    return once(work, f"prove {member_id} {asked}", act)


def _refuse_step(work: Work, member_id: int) -> Refusal | None:
    step = work.programme.profile.step("phone")
    if step is None:
        return Refusal("step_unasked")
    return Refusal("consent_missing") if needs_consent(work, member_id, step) else None


def _refuse(work: Work, proof: PhoneProof | None, typed: str) -> Refusal | None:
    if proof is None:
        return Refusal("phone_code_none")
    if work.now >= proof.until or proof.wrong >= WRONG_MAX:
        return Refusal("phone_code_over")
    plain = without_marks(as_typed(typed)).encode()
    if any(hmac.compare_digest(code.encode(), plain) for code in codes_of(work.codes, proof)):
        return None
    phone_proofs.note_wrong(work.uow, proof)
    return Refusal("phone_code_wrong")


def codes_of(codes: Codes, proof: PhoneProof) -> list[str]:
    """The code that proves it, and those by the club's keys of before."""
    what = f"{proof.member_id} {proof.phone} {proof.asked_at.timestamp()}"
    marks = codes.marks("phone code", what)
    return [f"{int(mark[:16], 16) % 10**FIGURES:0{FIGURES}}" for mark in marks]
