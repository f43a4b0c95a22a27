"""Joining the club."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import consents, line_accounts, members, profiles
from bot.store.members.members import Member
from rules.activity import By, Registration, Source
from rules.base import Lang
from rules.facts import newcomer
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from . import referral
from .card_numbers import free_card_number


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
    asked = (
        f"join {joining.language} {joining.source} {joining.by} {joining.line_user_id} "
        f"{joining.referred_by}"
    )
    return once(uow, joining.key, asked, lambda: enrol(uow, timeline, joining, now=now), now=now)


def enrol(uow: UnitOfWork, timeline: Timeline, joining: Joining, *, now: datetime) -> Outcome:
    """The same within an action that has claimed the key."""
    known = _known(uow, joining, now=now)
    if known is not None:
        return Outcome(known)
    at = min(joining.at, now)
    member = _make(uow, timeline, joining, at=at)
    request = Request(joining.key, member.id, Registration(joining.source), at, by=joining.by)
    outcome = carry_out(uow, timeline, member, request, now=now)
    consents.note(
        uow, member.id, "purpose", channel=joining.source, wording=joining.purpose, at=now
    )
    referred = referral.on_joining(uow, timeline, member, key=joining.key, at=at, now=now)
    if referred is None:
        return outcome
    return replace(outcome, grants=outcome.grants + referred.grants, balance=referred.balance)


def _known(uow: UnitOfWork, joining: Joining, *, now: datetime) -> int | None:
    """The member this LINE account has already. Two joinings at once wait for one another."""
    user_id = joining.line_user_id
    if user_id is None:
        return None
    line_accounts.ensure(uow, user_id, display_name="", language=joining.language, at=now)
    line_accounts.lock(uow, user_id)
    account = line_accounts.get(uow, user_id)
    return account.member_id if account else None


def _make(uow: UnitOfWork, timeline: Timeline, joining: Joining, *, at: datetime) -> Member:
    number = free_card_number(uow)
    day = timeline.at(at).programme.shop.business_date(at)
    member = members.insert_member(
        uow,
        newcomer(day, at, joining.source),
        number=number,
        language=joining.language,
        line_user_id=joining.line_user_id,
        joined_at=at,
        referred_by=joining.referred_by,
    )
    if not members.add_code(uow, "number", number, member.id):
        raise RuntimeError("the card number was given away this very moment")
    if joining.line_user_id is not None:
        line_accounts.link(uow, joining.line_user_id, member.id)
    profiles.refresh(uow, member.id)
    return member
