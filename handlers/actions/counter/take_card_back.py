"""Taking a card back: somebody's was put together with another, or went to another LINE account,
and they didn't want it. One tap on what told them of it, within a week, and all is as it was.

1. The button's token names the merging; it must have been told to this very account.
2. Whatever was merged on top of it since is taken apart first, the latest before the others.
3. The merging is taken apart. What was spent or given since on its account is made up for.
4. Who had the card that others came to share gets a new issue of it, so that nobody else shows it.
5. The account's chat speaks of its card again, and the owner is told.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.store.history import history
from bot.store.members import line_accounts, members
from bot.store.staff import audit, flags
from bot.store.staff.flags import Sighting
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.programme.counter import Flag

from ..members.reissue import next_issue
from ..recording.idempotency import once_for
from ..recording.merged_state import StateBeforeMerge, back_until, state_before
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..telling.moved import read_token
from .undo import take_merging_apart


@dataclass(frozen=True, slots=True)
class CardBack:
    """An account's wish for its card."""

    user_id: str
    #: What the button says.
    token: str
    #: When it was tapped.
    at: datetime


@dataclass(frozen=True, slots=True)
class _Merging:
    """A merging that is to be taken apart."""

    other_id: int
    key: str
    before: StateBeforeMerge


def take_card_back(work: Work, wish: CardBack) -> Acknowledgement:
    """Makes the account's card what it was; gives whose it is.

    Refused with back_unknown (nothing of theirs, or erased since), back_done or back_late.
    """

    def act() -> Acknowledgement:
        found = _look_up(work, wish)
        chain = [] if isinstance(found, Refusal) else _locked(work, found.other_id)
        # Looked at again now that nobody else can take it back.
        found = _look_up(work, wish) if chain else found
        if isinstance(found, Refusal):
            return Acknowledgement(found.code)
        return Acknowledgement(member_id=_take_back(work, chain, found, wish))

    return once_for(ACKNOWLEDGEMENT, work, f"card back {wish.user_id} {wish.token}", act)


def _look_up(work: Work, wish: CardBack) -> _Merging | Refusal:
    named = read_token(work, wish.token)
    other = members.get(work.uow, named[0]) if named else None
    if named is None or other is None or other.erased_at is not None:
        return Refusal("back_unknown")
    other_id, seq = named
    key = history.key_of(work.uow, other_id, seq)
    known = history.under(work.uow, other_id, key)
    closing = next(each for each in known if each.recorded.seq == seq)
    if closing.undone_at is not None:
        return Refusal("back_done")
    before = state_before(closing.recorded.activity.what)
    if before is None or wish.user_id not in before.told:
        return Refusal("back_unknown")
    if wish.at >= back_until(work.programme.shop, closing.recorded_at):
        return Refusal("back_late")
    return _Merging(other_id, key, before)


def _take_back(work: Work, chain: list[int], wanted: _Merging, wish: CardBack) -> int:
    missing = 0
    for keeper_id, other_id in pairwise(chain):
        key = _closing_key(work, other_id)
        missing += take_merging_apart(work, keeper_id, key, by=wish.user_id).missing
    mine = wanted.before.told[wish.user_id]
    keeper_id = chain[-2]
    if mine == keeper_id and _was_shared(wanted, wish.user_id):
        next_issue(work.uow, members.lock(work.uow, keeper_id), at=work.now)
    line_accounts.link(work.uow, wish.user_id, mine)
    _note(work, wanted, keeper_id, missing)
    return mine


def _locked(work: Work, other_id: int) -> list[int]:
    """Who stands for the card now, and all by way of whom, down to the card itself: locked,
    whoever took over others before them."""
    chain = [other_id]
    while (member := members.get(work.uow, chain[0])) and member.merged_into is not None:
        chain.insert(0, member.merged_into)
    for each in chain:
        members.lock(work.uow, each)
    return chain


def _was_shared(wanted: _Merging, user_id: str) -> bool:
    """Whether another account came to show the keeper's card, in the issue that it had."""
    others = {user for user, card in wanted.before.told.items() if card == wanted.other_id}
    return wanted.before.issued is None and bool(others - {user_id})


def _closing_key(work: Work, other_id: int) -> str:
    """The outside key of the merging that closed the card."""
    (closing,) = history.latest(work.uow, other_id, limit=1)
    return history.key_of(work.uow, other_id, closing.seq)


def _note(work: Work, wanted: _Merging, keeper_id: int, missing: int) -> None:
    """Tells the owner, and the log: who had made the move, and what the shop makes up for."""
    desk = audit.desk_of(work.uow, wanted.key)
    details: dict[str, int | str] = {"points": missing}
    found = Flag("card_back", f"card_back:{wanted.key}", keeper_id, details)
    place = Sighting(work.now, work.day, desk.store, desk.staff_id, desk.device_id)
    flags.add(work.uow, [found], place)
    audit.add(
        work.uow, "card_back", at=work.now, staff_id=None, store=desk.store, key=work.key,
        member_id=keeper_id, of=wanted.key, shortfall=missing,
    )  # fmt: skip
