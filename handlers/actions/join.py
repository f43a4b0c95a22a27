"""Joining the club."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork, consents, line_accounts, members
from rules.activity import By, Registration, Source
from rules.base import Lang
from rules.facts import newcomer
from rules.timeline import Timeline

from . import referral
from .numbers import new_card_number
from .outcome import Outcome
from .record import Request, record

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins. `referred_by` is the member whose code they brought; `purpose` is the wording on
    the use of their data that they were shown."""

    key: str
    at: datetime
    language: Lang
    purpose: str
    source: Source = "line"
    by: By = "member"
    line_user_id: str | None = None
    referred_by: int | None = None


def join(uow: UnitOfWork, timeline: Timeline, joining: Joining, *, now: datetime) -> Outcome:
    """Makes a member with a card number and the welcome. On LINE, once per account: someone who
    has a card keeps it (the outcome then is that of nothing happening: no grants, seq 0)."""
    if joining.line_user_id is not None:
        line_accounts.lock(uow, joining.line_user_id)
        account = line_accounts.get(uow, joining.line_user_id)
        if account is not None and account.member_id is not None:
            return Outcome(account.member_id)
    member_id = _make(uow, timeline, joining)
    outcome = record(
        uow,
        timeline,
        Request(joining.key, member_id, Registration(joining.source), joining.at, by=joining.by),
        now=now,
    )
    consents.note(
        uow, member_id, "purpose", channel=joining.source, wording=joining.purpose, at=now
    )
    referral.on_joining(uow, timeline, member_id, key=joining.key, at=joining.at, now=now)
    return outcome


def _make(uow: UnitOfWork, timeline: Timeline, joining: Joining) -> int:
    day = timeline.at(joining.at).programme.shop.business_date(joining.at)
    for _ in range(_TRIES):
        number = new_card_number()
        if members.by_code(uow, "number", number) is None:
            break
    else:
        raise RuntimeError("no free card number found")
    member = members.insert_member(
        uow,
        newcomer(day, joining.at, joining.source),
        number=number,
        language=joining.language,
        line_user_id=joining.line_user_id,
        joined_at=joining.at,
        referred_by=joining.referred_by,
    )
    members.add_code(uow, "number", number, member.id)
    if joining.line_user_id is not None:
        line_accounts.link(uow, joining.line_user_id, member.id)
    return member.id
