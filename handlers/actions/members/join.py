"""Joining the club."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store.members import consents, line_accounts, members, profiles
from bot.store.members.members import Member, MemberToBe
from handlers.actions.recording.work import Work
from rules.activity import Registration, Source
from rules.base import Lang
from rules.facts import newcomer

from ..recording.idempotency import once
from ..recording.outcome import Outcome, outcome_of_all
from ..recording.record import Request, carry_out
from . import referral
from .card_numbers import free_card_number
from .joined_before import joined_before


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Who joins."""

    at: datetime
    language: Lang
    #: The wording on the use of their data that they were shown.
    purpose: str
    source: Source = "line"
    line_user_id: str | None = None
    #: The member whose code they brought.
    referred_by: int | None = None
    #: E.164, where it is told at joining.
    phone: str | None = None


def join(work: Work, joining: JoinRequest) -> Outcome:
    """Makes a member with a card number and the welcome. On LINE, once per account: someone who
    has a card keeps it (the outcome then is that of nothing happening: no grants, seq 0)."""
    asked = (
        f"join {joining.language} {joining.source} {work.made_by} {joining.line_user_id} "
        f"{joining.referred_by}"
    )
    return once(work, asked, lambda: enrol(work, joining))


def enrol(work: Work, joining: JoinRequest) -> Outcome:
    """The same within an action that has claimed the key."""
    known = _known(work, joining)
    if known is not None:
        return Outcome(known)
    at = min(joining.at, work.now)
    again = joined_before(work, [joining.line_user_id, joining.phone])
    if again:
        joining = replace(joining, referred_by=None)
    member = _make(work, joining, at=at)
    outcome = carry_out(work, Request(member.id, Registration(joining.source, again), at))
    consents.note(
        work.uow, member.id, "purpose", channel=joining.source, wording=joining.purpose, at=work.now
    )
    if joining.referred_by is None:
        return outcome
    invited = referral.note_invitation(work, member.id)
    return outcome_of_all([outcome, invited]) if invited.done else outcome


def _known(work: Work, joining: JoinRequest) -> int | None:
    """The member this LINE account has already. Two joinings at once wait for one another."""
    user_id = joining.line_user_id
    if user_id is None:
        return None
    account = line_accounts.ensure(
        work.uow, user_id, display_name="", language=joining.language, at=work.now
    )
    return account.member_id


def _make(work: Work, joining: JoinRequest, *, at: datetime) -> Member:
    number = free_card_number(work.uow)
    day = work.timeline.at(at).programme.shop.business_date(at)
    new = MemberToBe(
        newcomer(day, at, joining.source),
        number,
        joining.language,
        at,
        line_user_id=joining.line_user_id,
        referred_by=joining.referred_by,
    )
    [member] = members.insert_members(work.uow, [new], work.foresight)
    if not members.add_code(work.uow, "number", number, member.id):
        raise RuntimeError("the card number was given away this very moment")
    if joining.line_user_id is not None:
        line_accounts.link(work.uow, joining.line_user_id, member.id)
    profiles.refresh(work.uow, member.id)
    return member
