"""What one person gets once, however many cards they had: the welcome and its like
(`rules/judging/once.py`), and being invited.

Of two cards that are merged the earlier one's counts. What the later one got is taken back, from
whoever had invited it too; where its points were spent, that is a shortfall.
"""

from bot.store.history import history, ledger
from bot.store.members import members, mergers
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Invited, Referral, TakenBack
from rules.facts import Facts
from rules.judging.once import once

from ..recording import take_back
from ..recording.rewrite import write_down

#: What every card may have, whether or not it brought anything.
_MERELY_NOTED = ("welcome", "profile")


def lock(work: Work, *cards: int) -> None:
    """Locks the cards and whoever had invited them, in the order of their ids, so that nobody waits
    in a circle."""
    known = (members.get(work.uow, each) for each in cards)
    invited_by = [m.referred_by for m in known if m is not None and m.referred_by is not None]
    referrers = [members.keeper(work.uow, each) for each in invited_by]
    for each in sorted({*cards, *referrers}):
        members.lock(work.uow, each)


def in_order(one: Member, other: Member) -> tuple[Member, Member]:
    """Two cards, the one that was first before the later one."""
    first, later = sorted((one, other), key=lambda m: (m.facts.joined_on, m.joined_at, m.id))
    return first, later


def counted_twice(work: Work, one: Member, other: Member) -> dict[int, list[TakenBack]]:
    """What is taken back of whom (their id) when two locked cards turn out to be one person's."""
    first, later = in_order(one, other)
    found: dict[int, list[TakenBack]] = {}
    own = {card.id: _once(work, card.id) for card in (later, first)}
    for what in sorted(_known(work, later, own) & _known(work, first, own)):
        # Neither has it by itself where both have it by cards that they took over.
        card = next((card for card in (later, first) if what in own[card.id]), None)
        if card is not None:
            found.setdefault(card.id, []).append(TakenBack(own[card.id][what]))
    invited = history.standing(work.uow, later.id, Invited())
    if invited is None or later.referred_by is None:
        return found
    found.setdefault(later.id, []).append(TakenBack(invited.seq))
    referrer = members.get(work.uow, members.keeper(work.uow, later.referred_by))
    if referrer is None or referrer.erased_at is not None:
        # Nothing is taken any more of somebody erased.
        return found
    theirs = history.standing(work.uow, referrer.id, Referral(later.id))
    if theirs is not None:
        found.setdefault(referrer.id, []).append(TakenBack(theirs.seq))
    return found


def take(work: Work, found: dict[int, list[TakenBack]]) -> None:
    """Takes it back."""
    for member_id, whats in found.items():
        member = members.lock(work.uow, member_id)
        write_down(work, take_back.work_out(work, member, whats))


def facts_after(work: Work, member: Member, found: dict[int, list[TakenBack]]) -> Facts:
    """What is known of the member once it is taken back, nothing written."""
    if member.id not in found:
        return member.facts
    return take_back.work_out(work, member, found[member.id]).without.judged.facts


def _known(work: Work, member: Member, own: dict[int, dict[str, int]]) -> set[str]:
    """What this card, or one that was merged into it, has of what counts once."""
    others = (_once(work, each) for each in mergers.absorbed(work.uow, member.id))
    return set(own[member.id]).union(*others)


def _once(work: Work, member_id: int) -> dict[str, int]:
    """The same of one card by itself, with the activities' numbers. A joining or a profile that
    brought nothing is nothing to take back."""
    granted = ledger.granted(work.uow, member_id)
    paid = {seq for (seq, _), points in granted.items() if points > 0}
    found = once(history.of(work.uow, member_id)).items()
    return {what: seq for what, seq in found if seq in paid or not what.startswith(_MERELY_NOTED)}
