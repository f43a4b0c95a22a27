"""SMS need a consent that was given before, and stop at one word.

特定電子メールの送信の適正化等に関する法律 第3条: consent given beforehand, a record of it, and no
more once it is taken back. The record says when, by which channel and in which words.
"""

from dataclasses import replace
from datetime import datetime

from bot.store import UnitOfWork, consents, members, profiles


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
