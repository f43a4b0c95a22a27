"""Putting a card onto a LINE account by a one-time code: a paper card, a child's, a family's."""

from datetime import timedelta

from bot.store.history import claims
from bot.store.members import consents, line_accounts, link_codes, members, profiles
from bot.store.members.link_codes import LinkCode, Purpose
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once, once_for
from ..recording.limits import refuse_code
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement, Outcome, outcome_of_refusal
from . import moving, one_time_codes
from .merge import MergeRequest, merge_now
from .profile import SAME_MAX

#: How long a code works that staff show, and one that is printed on a card's back.
SHOWN, PRINTED = timedelta(minutes=15), timedelta(days=30)
#: What is kept of a code that was one too many.
_DAY_FULL = "codes_day"


def make_code(
    work: Work, member_id: int, purpose: Purpose, *, printed: bool = False
) -> str | Refusal:
    """A code for the member's card; a repeat of the key gives the same one.

    Refused with codes_day, erased, merged, or link_taken: a card on LINE can only be shared; with
    code_managers where somebody else wants a `printed` one, which works for a month.
    """
    if printed and not work.staff.manages:
        return Refusal("code_managers")
    repeat = claims.claim(
        work.uow, work.key, f"link code {member_id} {purpose} {printed}", at=work.now
    )
    if repeat is not None and repeat.outcome == _DAY_FULL:
        return Refusal(_DAY_FULL)
    if repeat is not None:
        # Another refusal changed nothing, and is found anew.
        code = repeat.outcome
        return code or (
            refuse_card(members.lock(work.uow, member_id), purpose) or Refusal("link_taken")
        )
    if full := refuse_code(work):
        claims.settle(work.uow, work.key, full.code)
        return full
    refusal = refuse_card(members.lock(work.uow, member_id), purpose)
    if refusal is not None:
        return refusal
    code = one_time_codes.new_code()
    link_codes.add(
        work.uow,
        code,
        purpose,
        member_id,
        until=work.now + (PRINTED if printed else SHOWN),
        by=work.actor.staff_id if work.actor else None,
    )
    note(work, "link_code", member_id=member_id, purpose=purpose, printed=printed)
    moving.note_unusual(work, members.lock(work.uow, member_id))
    claims.settle(work.uow, work.key, code)
    return code


def codes_for(work: Work, member_id: int, phone: str) -> list[LinkCode] | Refusal:
    """Makes a code for each card without LINE that is known by a telephone number (E.164), for a
    member who says that it is theirs. Whoever has the telephone may be sent them, nobody else may
    hear whether there are any.

    Refused with codes_asked where they have asked too often today.
    """
    if not one_time_codes.may_ask(work, str(member_id)):
        return Refusal("codes_asked")
    known = sorted(profiles.with_phone(work.uow, phone))[:SAME_MAX]
    found = (members.get(work.uow, each) for each in known if each != member_id)
    cards = [card for card in found if card is not None and _may_be_sent(work, card)]
    if not cards or not one_time_codes.may_ask(work, work.codes.marks("phone", phone)[0]):
        return []
    until = work.now + SHOWN
    made = [LinkCode(one_time_codes.new_code(), "link", card.id, until, None) for card in cards]
    for each in made:
        link_codes.add(work.uow, each.code, "link", each.member_id, until=until, by=None)
    return made


def _may_be_sent(work: Work, card: Member) -> bool:
    return refuse_card(card, "link") is None and not consents.stopped_sms(work.uow, card.id)


def refuse_card(member: Member, purpose: Purpose) -> Refusal | None:
    """Why no code is good for this card."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    if purpose == "link" and member.line_user_id is not None:
        return Refusal("link_taken")
    return None


def look_up(work: Work, text: str, *, own_id: int | None = None) -> LinkCode | Refusal:
    """The code that was sent, with the member who stands for its card now.

    Refused with link_unknown, link_used, link_expired or link_same (the card is `own_id`'s), or as
    `refuse_card`.
    """
    code = one_time_codes.plain(text)
    link_code = link_codes.get(work.uow, code) if code else None
    if link_code is None:
        return Refusal("link_unknown")
    if link_code.used_at is not None:
        return Refusal("link_used")
    if work.now >= link_code.until:
        return Refusal("link_expired")
    keeper_id = members.keeper(work.uow, link_code.member_id)
    keeper = members.get(work.uow, keeper_id)
    if keeper is None or keeper.erased_at is not None:
        return Refusal("link_unknown")
    if keeper_id == own_id:
        return Refusal("link_same")
    if refusal := refuse_card(keeper, link_code.purpose):
        return refusal
    return LinkCode(link_code.code, link_code.purpose, keeper_id, link_code.until, None)


def add_card(work: Work, user_id: str, text: str) -> Acknowledgement:
    """Puts a card without LINE onto the account, which is locked, beside any card it has. Without
    one, its chat speaks of this card from now on.

    Refused as `look_up` refuses.
    """

    def act() -> Acknowledgement:
        link_code = look_up(work, text)
        if isinstance(link_code, LinkCode) and link_code.purpose != "link":
            link_code = Refusal("link_unknown")
        if isinstance(link_code, Refusal):
            return Acknowledgement(link_code.code)
        member = members.lock(work.uow, link_code.member_id)
        # Looked at again now that nobody else can take it.
        refusal = refuse_card(member, "link")
        if refusal is not None or not link_codes.use(work.uow, link_code.code, at=work.now):
            return Acknowledgement((refusal or Refusal("link_used")).code)
        account = line_accounts.get(work.uow, user_id)
        members.set_line_account(work.uow, member.id, user_id)
        moving.hold(work, member.id)
        if account is not None and account.member_id is None:
            line_accounts.link(work.uow, user_id, member.id)
        profiles.refresh(work.uow, member.id)
        return Acknowledgement(member_id=member.id)

    return once_for(ACKNOWLEDGEMENT, work, f"link {user_id} {text}", act)


def merge_card(work: Work, user_id: str, own_id: int, text: str) -> Outcome:
    """Puts the code's card and the account's own together: into the own one where the code links a
    card without LINE, into the shared one where it shares.

    Refused as `look_up` and `merge` refuse.
    """

    def act() -> Outcome:
        link_code = look_up(work, text, own_id=own_id)
        if isinstance(link_code, Refusal):
            return outcome_of_refusal(own_id, link_code)
        keep, other = own_id, link_code.member_id
        if link_code.purpose == "share":
            keep, other = other, keep
        outcome = merge_now(work, MergeRequest(keep, other, asked_by=user_id))
        if outcome.done and not link_codes.use(work.uow, link_code.code, at=work.now):
            raise RuntimeError("a code was used while its card was locked")
        return outcome

    return once(work, f"link merge {user_id} {own_id} {text}", act)
