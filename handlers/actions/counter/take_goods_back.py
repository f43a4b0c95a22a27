"""Goods that are brought back: a receipt, or a part of it, is taken back without the visit.

It is never refused for what was spent since: that is a shortfall, which later purchases make good.
The receipt's number stays used, so that it can't be brought again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from bot.store.history import history
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.orders import bought, orders
from handlers.actions.recording.work import Work
from rules.activity import Purchase, TakenBack
from rules.base import Refusal
from rules.judging.replay import RecordedActivity
from rules.judging.taken_back import returns
from rules.orders.lines import (
    BoughtLine,
    ReturnedPieces,
    all_left,
    worth_of,
)
from rules.programme.purchases import PurchasePolicy

from ..members import referral
from ..recording import take_back
from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.rewrite import RewrittenHistory, write_down
from ..telling.messages import tell_corrected, unsay


@dataclass(frozen=True, slots=True)
class ReturnedGoods:
    """What is brought back."""

    member_id: int
    #: The purchase's number in the member's history.
    seq: int
    #: So much of it; None for all that wasn't brought back yet, or for `pieces`.
    yen: int | None = None
    #: Which pieces, where the purchase has lines.
    pieces: tuple[ReturnedPieces, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ReturnOutcome:
    """What taking goods back came to."""

    member_id: int
    #: The refusal's code; None when it was done.
    refused: str | None = None
    yen: int = 0
    #: By how much the member's points changed.
    points: int = 0
    balance: int = 0
    #: What later purchases have to make good in all.
    shortfall: int = 0
    rank_before: str | None = None
    rank: str | None = None
    #: Whether a message had gone out, so that a correction follows it.
    told: bool = False

    @property
    def done(self) -> bool:
        return self.refused is None


_RETURNED: TypeAdapter[ReturnOutcome] = TypeAdapter(ReturnOutcome)


@dataclass(frozen=True, slots=True)
class FoundGoods:
    """A purchase, and what of it is brought back."""

    purchase: RecordedActivity
    what: TakenBack
    pieces: tuple[ReturnedPieces, ...]


def take_goods_back(work: Work, goods: ReturnedGoods) -> ReturnOutcome:
    """Takes goods back, for somebody of the staff or whoever else may.

    Refused with return_unknown (no such purchase), return_elsewhere (another store's), return_again
    (all of it was brought back), return_by_order (another system keeps it), return_amount (nothing,
    or more than there is), return_lines (no such line, or more pieces than are left of it), merged
    or erased.
    """

    def act() -> ReturnOutcome:
        member = members.lock(work.uow, goods.member_id)
        found = _find(work, member, goods)
        if isinstance(found, Refusal):
            return ReturnOutcome(member.id, refused=found.code, balance=member.facts.balance)
        return write_return(work, member, found)

    asked = f"return {goods!r}{f' {goods.pieces!r}' if goods.pieces else ''}"
    return once_for(_RETURNED, work, asked, act)


def _find(work: Work, member: Member, goods: ReturnedGoods) -> FoundGoods | Refusal:
    """The purchase, and what of it is brought back."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    found = history.one(work.uow, member.id, goods.seq)
    if found is None or not isinstance(found.activity.what, Purchase):
        return Refusal("return_unknown")
    if work.actor is not None and not work.actor.may_act_at(found.activity.store):
        return Refusal("return_elsewhere")
    if orders.of_purchase(work.uow, member.id, found.seq) is not None:
        return Refusal("return_by_order")
    before = returns(history.taken_back(work.uow, member.id))
    left = found.activity.what.total_yen - before.get(found.seq, 0)
    if left <= 0:
        return Refusal("return_again")
    lines = bought.of(work.uow, member.id, [found.seq]).get(found.seq, ())
    if goods.pieces:
        what = _by_lines(work, found, lines, goods.pieces)
        if isinstance(what, Refusal):
            return what
        is_there = 0 < (what.yen or 0) <= left
        return FoundGoods(found, what, goods.pieces) if is_there else Refusal("return_amount")
    yen = left if goods.yen is None else goods.yen
    if not 0 < yen <= left:
        return Refusal("return_amount")
    return FoundGoods(found, TakenBack(found.seq, yen), all_left(lines) if yen == left else ())


def _by_lines(
    work: Work,
    found: RecordedActivity,
    lines: Sequence[BoughtLine],
    pieces: tuple[ReturnedPieces, ...],
) -> TakenBack | Refusal:
    programme = work.timeline.at(found.activity.at).programme
    worth = worth_of(programme.purchase or PurchasePolicy(), lines, pieces)
    if isinstance(worth, Refusal):
        return worth
    return TakenBack(found.seq, worth.yen, parts=(worth.tax_yen, worth.excluded_yen))


def write_return(work: Work, member: Member, found: FoundGoods) -> ReturnOutcome:
    """Takes back what was found of a locked member's, for a caller who has claimed the key."""
    store = work.actor.store if work.actor else found.purchase.activity.store
    return _write(work, take_back.work_out(work, member, [found.what], store=store), found)


def _follow_referral(work: Work, taking: RewrittenHistory) -> None:
    """Takes back what a referrer was given for this very purchase, unless they have spent it: they
    didn't bring it back."""
    left = taking.without
    for theirs in referral.after_rewriting(work, taking.member, left.history, left.judged):
        if not theirs.without.shortfall and theirs.without.needed is None:
            write_down(work, theirs)


def _write(work: Work, taking: RewrittenHistory, found: FoundGoods) -> ReturnOutcome:
    write_down(work, taking)
    _follow_referral(work, taking)
    member, said = taking.member, [each.recorded for each in taking.added]
    of, yen = found.purchase.seq, found.what.yen or 0
    bought.take_back(work.uow, member.id, said[0].seq, of, found.pieces)
    judged = taking.without.judged
    before, after = member.facts, judged.facts
    is_gone = all(step.seq != of for step in judged.steps)
    gone = [found.purchase] if is_gone else []
    key = history.key_of(work.uow, member.id, of) if is_gone else ""
    points = after.balance - before.balance
    told = unsay(work.uow, member, gone, taking.ranks_gone, action=key) and tell_corrected(
        work, member, said, points=points, rank=before.rank.id != after.rank.id
    )
    if work.actor is not None:
        note(work, "return", member_id=member.id, yen=yen, shortfall=after.shortfall)
    return ReturnOutcome(
        member.id,
        yen=yen,
        points=points,
        balance=after.balance,
        shortfall=after.shortfall,
        rank_before=before.rank.id,
        rank=after.rank.id,
        told=told,
    )
