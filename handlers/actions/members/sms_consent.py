"""SMS need a consent that was given before, and stop at one word.

特定電子メールの送信の適正化等に関する法律 第3条: consent given beforehand, a record of it, and no
more once it is taken back. The record says when, by which channel and in which words.
"""

from dataclasses import replace

from bot.store.members import consents, members, profiles
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


def agree_to_sms(work: Work, member_id: int, *, channel: str, wording: str) -> None:
    """Notes that the member agreed to SMS, by `channel` (line, counter …), to these very words."""
    members.lock(work.uow, member_id)
    consents.note(work.uow, member_id, consents.SMS, channel=channel, wording=wording, at=work.now)


def agree_by_phone(work: Work, member_id: int, phone: str, *, channel: str, wording: str) -> None:
    """The same, with the number (E.164) that the member gave for it."""
    agree_to_sms(work, member_id, channel=channel, wording=wording)
    known = profiles.get(work.uow, member_id)
    profiles.put(work.uow, member_id, replace(known, phone=phone), at=work.now)


def stop_sms(work: Work, member_id: int, *, channel: str) -> bool:
    """Stops SMS to the member; False when none were sent to them anyway."""
    members.lock(work.uow, member_id)
    if consents.sms_agreed_at(work.uow, member_id) is None:
        return False
    consents.note(
        work.uow, member_id, consents.SMS_STOPPED, channel=channel, wording="", at=work.now
    )
    return True


def note_agreement(work: Work, member_id: int, *, wording: str) -> None:
    """Notes, in the log too, that the member said at the counter that they agree to SMS."""
    agree_to_sms(work, member_id, channel="counter", wording=wording)
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
