"""SMS need a consent that was given before, and stop at one word.

特定電子メールの送信の適正化等に関する法律 第3条: consent given beforehand, a record of it, and no
more once it is taken back. The record says when, by which channel and in which words.
"""

from dataclasses import replace
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import consents, members, profiles
from rules.base import Refusal

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused


def agree_to_sms(
    uow: UnitOfWork, member_id: int, *, channel: str, wording: str, now: datetime
) -> None:
    """Notes that the member agreed to SMS, by `channel` (line, counter …), to these very words."""
    members.lock(uow, member_id)
    consents.note(uow, member_id, consents.SMS, channel=channel, wording=wording, at=now)


def agree_by_phone(
    uow: UnitOfWork, member_id: int, phone: str, *, channel: str, wording: str, now: datetime
) -> None:
    """The same, with the number (E.164) that the member gave for it."""
    agree_to_sms(uow, member_id, channel=channel, wording=wording, now=now)
    known = profiles.get(uow, member_id)
    profiles.put(uow, member_id, replace(known, phone=phone), at=now)


def stop_sms(uow: UnitOfWork, member_id: int, *, channel: str, now: datetime) -> bool:
    """Stops SMS to the member; False when none were sent to them anyway."""
    members.lock(uow, member_id)
    if consents.sms_agreed_at(uow, member_id) is None:
        return False
    consents.note(uow, member_id, consents.SMS_STOPPED, channel=channel, wording="", at=now)
    return True


def note_agreement(
    uow: UnitOfWork, desk: Desk, member_id: int, *, wording: str, key: str, now: datetime
) -> None:
    """Notes, in the log too, that the member said at the counter that they agree to SMS."""
    agree_to_sms(uow, member_id, channel="counter", wording=wording, now=now)
    note(uow, desk, "sms_agree", now=now, key=key, member_id=member_id)


def stop_sms_to(uow: UnitOfWork, phone: str, *, channel: str, now: datetime) -> None:
    """Stops all SMS to a telephone (E.164), by whichever card they come: who has it wants none."""
    for each in sorted(profiles.with_phone(uow, phone)):
        stop_sms(uow, each, channel=channel, now=now)


def choose_at_counter(
    uow: UnitOfWork,
    desk: Desk,
    member_id: int,
    *,
    agrees: bool,
    wording: str,
    key: str,
    now: datetime,
) -> Outcome:
    """Notes at the counter that the member agreed to SMS, to these very words, or wants no more.

    Refused with phone_unknown where nobody knows where to send them.
    """

    def work() -> Outcome:
        if agrees and not profiles.get(uow, member_id).phone:
            return refused(member_id, Refusal("phone_unknown"), balance=0)
        if agrees:
            note_agreement(uow, desk, member_id, wording=wording, key=key, now=now)
        else:
            stop_sms(uow, member_id, channel="counter", now=now)
            note(uow, desk, "sms_stop", now=now, key=key, member_id=member_id)
        return Outcome(member_id)

    return once(uow, key, f"sms {member_id} {agrees}", work, now=now)
