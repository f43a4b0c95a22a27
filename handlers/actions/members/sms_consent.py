"""SMS need a consent that was given before, and stop at one word.

特定電子メールの送信の適正化等に関する法律 第3条: consent given beforehand, a record of it, and no
more once it is taken back. The record says when, by which channel and in which words.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store.members import changes, consents, members, profiles
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


@dataclass(frozen=True, slots=True)
class SmsConsent:
    """When somebody agreed to SMS, by which channel (line, counter …), to which very words."""

    at: datetime
    channel: str
    wording: str


def agree_to_sms(work: Work, member_id: int, consent: SmsConsent) -> bool:
    """Notes that the member agreed to SMS; False where they have stopped them since."""
    members.lock(work.uow, member_id)
    consents.note(
        work.uow,
        member_id,
        consents.SMS,
        channel=consent.channel,
        wording=consent.wording,
        at=consent.at,
    )
    return consents.sms_agreed_at(work.uow, member_id) is not None


def agree_by_phone(work: Work, member_id: int, phone: str, consent: SmsConsent) -> bool:
    """The same, with the number (E.164) that they gave for it, unless a newer one is known."""
    if not agree_to_sms(work, member_id, consent):
        return False
    if changes.newest(work.uow, work.codes.marks("member", str(member_id)), "phone", at=consent.at):
        profile = profiles.get(work.uow, member_id)
        profiles.put(work.uow, member_id, replace(profile, phone=phone), at=work.now)
    return True


def stop_sms(work: Work, member_id: int, *, channel: str, at: datetime | None = None) -> bool:
    """Stops SMS to the member as of `at` (now, if it isn't given), whatever they agreed to before;
    False when none were sent to them anyway."""
    members.lock(work.uow, member_id)
    were_sent = consents.sms_agreed_at(work.uow, member_id) is not None
    consents.note(
        work.uow, member_id, consents.SMS_STOPPED, channel=channel, wording="", at=at or work.now
    )
    return were_sent


def note_agreement(work: Work, member_id: int, *, wording: str) -> None:
    """Notes, in the log too, that the member said at the counter that they agree to SMS."""
    agree_to_sms(work, member_id, SmsConsent(work.now, "counter", wording))
    note(work, "sms_agree", member_id=member_id)


def stop_sms_to(work: Work, phone: str, *, channel: str) -> None:
    """Stops all SMS to a telephone (E.164), by whichever card they come: who has it wants none."""
    for each in sorted(profiles.with_phone(work.uow, phone)):
        stop_sms(work, each, channel=channel)


def choose_at_counter(work: Work, member_id: int, *, agrees: bool, wording: str) -> Acknowledgement:
    """Notes at the counter that the member agreed to SMS, to these very words, or wants no more.

    Refused with phone_unknown where nobody knows where to send them.
    """

    def act() -> Acknowledgement:
        if agrees and not profiles.get(work.uow, member_id).phone:
            return Acknowledgement("phone_unknown")
        if agrees:
            note_agreement(work, member_id, wording=wording)
        else:
            stop_sms(work, member_id, channel="counter")
            note(work, "sms_stop", member_id=member_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"sms {member_id} {agrees}", act)
