"""Shares on social media: a link of the member's own, proven by whoever comes by it.

What is rewarded is advertising, and marked so in picture and text. That it was really put somewhere
is known when somebody else opens its link; the member's own telephone, a machine that only looks
at the link, and whoever comes a month later prove nothing. Where a rule of the programme wants
staff, they look at the post, and their tap records it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.store.heard import shares
from bot.store.heard.shares import Share
from bot.store.members import members, mergers
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..members.card_numbers import add_share_code, referral_code
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out

#: For so long a visit proves a share.
PROVES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LinkVisitor:
    """Whoever comes by a link. `marks`: keyed hashes of their browser and network. `is_ours`: the
    browser is known as a member's own, or as one of the shop's."""

    marks: tuple[str, ...]
    is_ours: bool = False


def make_share(work: Work, member_id: int, line: int, *, at: datetime) -> Share:
    """A share with that line: one link a business day, of which the line may be chosen anew."""
    member = members.lock(work.uow, member_id)
    day = work.programme.shop.business_date(at)
    last = shares.newest(work.uow, mergers.with_absorbed(work.uow, member.id))
    if last is not None and last.business_date == day:
        again = replace(last, line=line)
        shares.put(work.uow, again)
        return again
    # Whoever comes by it and joins was brought by them.
    referral_code(work.uow, member.id)
    n = shares.next_n(work.uow, member.id)
    share = Share(member.id, n, add_share_code(work.uow, member.id), line, at, day)
    shares.put(work.uow, share)
    return share


def found(work: Work, code: str) -> Share | None:
    """The share with that link."""
    member_id = members.by_code(work.uow, "share", code)
    return shares.by_code(work.uow, member_id, code) if member_id is not None else None


def note_own(work: Work, share: Share, visitor: LinkVisitor) -> None:
    """Remembers where the member opened it themselves: from there, nobody proves it."""
    members.lock(work.uow, share.member_id)
    now = shares.by_code(work.uow, share.member_id, share.code)
    if now is not None:
        shares.put(work.uow, replace(now, own_mark=visitor.marks[0]))


def note_visit(work: Work, code: str, visitor: LinkVisitor) -> Outcome | None:
    """Notes that somebody came by the link. The first who proves something has the share recorded,
    unless staff are to look at it. Gives what came of that; None where nothing was recorded."""
    seen = found(work, code)
    if seen is None or visitor.is_ours or seen.own_mark in visitor.marks:
        return None
    keeper = members.lock(work.uow, members.keeper(work.uow, seen.member_id))
    share = shares.by_code(work.uow, seen.member_id, code)
    is_late = work.now - seen.at > PROVES
    if share is None or share.opened_at is not None or is_late or keeper.erased_at is not None:
        return None
    share = replace(share, opened_at=work.now)
    shares.put(work.uow, share)
    waits = any(rule.on == "share" for rule in work.programme.confirmable)
    if waits or share.proven_by is not None:
        return None
    outcome = carry_out(work.acting("system"), Request(keeper.id, Occasion("share"), work.now))
    if outcome.done:
        shares.put(work.uow, replace(share, proven_by="link"))
    return outcome


def count_confirmed(work: Work, member_id: int, outcome: Outcome) -> None:
    """Takes the post that staff have seen, with that `outcome`, for the member's last share: a
    visit by its link earns nothing more."""
    share = shares.newest(work.uow, mergers.with_absorbed(work.uow, member_id))
    if share is not None and share.proven_by is None and outcome.done:
        shares.put(work.uow, replace(share, proven_by="staff"))
