"""Putting a card onto a LINE account by a one-time code: a paper card, a child's, a family's."""

from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.history import claims
from bot.store.members import line_accounts, link_codes, members, profiles
from bot.store.members.link_codes import LinkCode, Purpose
from bot.store.members.members import Member
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from . import one_time_codes
from .merge import Merging, merge_now

#: How long a code works that staff show, and one that is printed on a card's back.
SHOWN, PRINTED = timedelta(minutes=15), timedelta(days=30)


def make_code(
    uow: UnitOfWork,
    desk: Desk,
    member_id: int,
    purpose: Purpose,
    *,
    printed: bool = False,
    key: str,
    now: datetime,
) -> str | Refusal:
    """A code for the member's card; a repeat of the key gives the same one.

    Refused with erased, merged, or link_taken: a card that is on LINE can only be shared.
    """
    repeat = claims.claim(uow, key, f"link code {member_id} {purpose} {printed}", at=now)
    if repeat is not None:
        # A refusal changed nothing, and is found anew.
        code = repeat.outcome
        return code or (refuse_card(members.lock(uow, member_id), purpose) or Refusal("link_taken"))
    refusal = refuse_card(members.lock(uow, member_id), purpose)
    if refusal is not None:
        return refusal
    code = one_time_codes.new_code()
    link_codes.add(uow, code, purpose, member_id, until=now + (PRINTED if printed else SHOWN))
    note(uow, desk, "link_code", now=now, key=key, member_id=member_id, purpose=purpose)
    claims.settle(uow, key, code)
    return code


def refuse_card(member: Member, purpose: Purpose) -> Refusal | None:
    """Why no code is good for this card."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    if purpose == "link" and member.line_user_id is not None:
        return Refusal("link_taken")
    return None


def look_up(
    uow: UnitOfWork, text: str, *, own_id: int | None = None, now: datetime
) -> LinkCode | Refusal:
    """The code that was sent, with the member who stands for its card now.

    Refused with link_unknown, link_used, link_expired or link_same (the card is `own_id`'s), or as
    `refuse_card`.
    """
    code = one_time_codes.plain(text)
    found = link_codes.get(uow, code) if code else None
    if found is None:
        return Refusal("link_unknown")
    if found.used_at is not None:
        return Refusal("link_used")
    if now >= found.until:
        return Refusal("link_expired")
    keeper_id = members.keeper(uow, found.member_id)
    keeper = members.get(uow, keeper_id)
    if keeper is None or keeper.erased_at is not None:
        return Refusal("link_unknown")
    if keeper_id == own_id:
        return Refusal("link_same")
    if refusal := refuse_card(keeper, found.purpose):
        return refusal
    return LinkCode(found.code, found.purpose, keeper_id, found.until, None)


def add_card(uow: UnitOfWork, user_id: str, text: str, *, key: str, now: datetime) -> Outcome:
    """Puts a card without LINE onto the account, which is locked, beside any card it has. Without
    one, its chat speaks of this card from now on.

    Refused as `look_up` refuses.
    """

    def work() -> Outcome:
        found = look_up(uow, text, now=now)
        if isinstance(found, LinkCode) and found.purpose != "link":
            found = Refusal("link_unknown")
        if isinstance(found, Refusal):
            return refused(0, found, balance=0)
        member = members.lock(uow, found.member_id)
        # Looked at again now that nobody else can take it.
        refusal = refuse_card(member, "link")
        if refusal is not None or not link_codes.use(uow, found.code, at=now):
            return refused(0, refusal or Refusal("link_used"), balance=0)
        account = line_accounts.get(uow, user_id)
        members.set_line_account(uow, member.id, user_id)
        if account is not None and account.member_id is None:
            line_accounts.link(uow, user_id, member.id)
        profiles.refresh(uow, member.id)
        return Outcome(member.id, balance=member.facts.balance)

    return once(uow, key, f"link {user_id} {text}", work, now=now)


def merge_card(
    uow: UnitOfWork,
    timeline: Timeline,
    user_id: str,
    own_id: int,
    text: str,
    *,
    key: str,
    now: datetime,
) -> Outcome:
    """Puts the code's card and the account's own together: into the own one where the code links a
    card without LINE, into the shared one where it shares.

    Refused as `look_up` and `merge` refuse.
    """

    def work() -> Outcome:
        found = look_up(uow, text, own_id=own_id, now=now)
        if isinstance(found, Refusal):
            return refused(own_id, found, balance=0)
        keep, other = own_id, found.member_id
        if found.purpose == "share":
            keep, other = other, keep
        outcome = merge_now(uow, timeline, Merging(key, keep, other, "member"), store=None, now=now)
        if outcome.done and not link_codes.use(uow, found.code, at=now):
            raise RuntimeError("a code was used while its card was locked")
        return outcome

    return once(uow, key, f"link merge {user_id} {own_id} {text}", work, now=now)
