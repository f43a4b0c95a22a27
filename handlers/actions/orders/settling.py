"""What is known of an order, brought into the history of who bought it: the purchase as of when it
was sold, and what of it went back. Whatever was written down before is put right by the difference.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store.history import history
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.orders import bought, orders
from bot.store.orders.orders import OrderName, StoredOrder
from handlers.actions.recording.work import Work
from rules.activity import Purchase, TakenBack
from rules.base import Refusal
from rules.judging.replay import RecordedActivity
from rules.judging.taken_back import returns
from rules.orders.lines import all_left
from rules.orders.wanted import WantedPurchase, WantedReturn, wanted
from rules.programme.purchases import PurchasePolicy

from ..counter.purchase import record_purchase
from ..counter.take_goods_back import FoundGoods, write_return
from ..members import referral
from ..recording import rewrite
from ..recording.limits import flag_told
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, activity_of
from ..recording.rewrite import AddedActivity, RewrittenHistory, write_down
from ..telling.messages import tell_corrected, unsay


@dataclass(frozen=True, slots=True)
class _WrittenOrder:
    """An order as it stands in the history of a locked member."""

    order: StoredOrder
    member: Member
    found: RecordedActivity


def wanted_now(work: Work, order: StoredOrder) -> WantedPurchase | Refusal | None:
    """What a history should say of the order, by the programme of when it was sold."""
    told = order.known.order
    at = min(told.sold_at, work.now) if told else work.now
    policy = work.timeline.at(at).programme.purchase or PurchasePolicy()
    return wanted(order.known, policy)


def settle(work: Work, order: StoredOrder) -> StoredOrder:
    """Brings a held order into the history of its buyer, and out of anybody else's. `refused` says
    why that couldn't be: by what the lines come to, or as a purchase is refused; merged where
    another card has taken over the one it stands on; order_undone where people undid it."""
    want = wanted_now(work, order)
    if isinstance(want, Refusal):
        return replace(order, refused=want.code)
    if order.seq is not None and order.member_id is not None:
        # First, so that nobody takes it out of the history after it was found there.
        members.lock(work.uow, members.keeper(work.uow, order.member_id))
        found = history.one(work.uow, order.member_id, order.seq)
        if found is None:
            return replace(order, refused="order_undone")
        return _settled_again(work, order, found, want)
    return _recorded(work, order, want)


def claim_order(work: Work, order: StoredOrder, member_id: int) -> Outcome:
    """Gives a held order to the member who brought its code; what comes later follows them."""
    if order.seq is not None and order.member_id is not None:
        # What people undid may be claimed again; what stands is somebody's.
        if history.one(work.uow, order.member_id, order.seq) is not None:
            return outcome_of_refusal(member_id, Refusal("slip_used"))
        order = _nowhere(order)
    before = len(work.recorded)
    theirs = work.acting("api").under(key_of(order.name))
    claimed = settle(theirs, replace(order, claimed_id=member_id))
    if claimed.seq is None:
        return outcome_of_refusal(member_id, Refusal(claimed.refused or "slip_unknown"))
    orders.save(work.uow, claimed, at=work.now)
    made = (each.outcome for each in work.recorded[before:] if each.outcome.seq == claimed.seq)
    return next(made, Outcome(member_id, seq=claimed.seq))


def key_of(name: OrderName) -> str:
    """The outside key under which what is written down of an order stands in a history."""
    return f"orders:{name.system}:{name.order_id}"


def _settled_again(
    work: Work, order: StoredOrder, found: RecordedActivity, want: WantedPurchase | None
) -> StoredOrder:
    if order.member_id is None:
        raise LookupError("it stands in no history")
    buyer = members.keeper(work.uow, order.buyer_id) if order.buyer_id else None
    keeper = members.keeper(work.uow, order.member_id)
    is_theirs = buyer == keeper
    if is_theirs and want is not None and _is_so(order, want):
        return replace(order, refused=None)
    if keeper != order.member_id:
        return replace(order, refused="merged")
    member = members.lock(work.uow, keeper)
    if not is_theirs or want is None:
        _withdraw(work, member, found)
        return _recorded(work, _nowhere(order), want)
    new = _new_returns(order, want)
    if new is None:
        return _written_anew(work, _WrittenOrder(order, member, found), want)
    for back in new:
        _take_back(work, keeper, found.seq, back)
    return replace(order, returns=_names(want.returns), refused=None)


def _is_so(order: StoredOrder, want: WantedPurchase) -> bool:
    return order.sale == want.sale and order.returns == _names(want.returns)


def _names(backs: Sequence[WantedReturn]) -> str:
    return json.dumps([repr(back) for back in backs])


def _new_returns(order: StoredOrder, want: WantedPurchase) -> list[WantedReturn] | None:
    """The returns that came since; None where something else changed, too."""
    had = json.loads(order.returns)
    there = [repr(back) for back in want.returns]
    if order.sale != want.sale or not set(had) <= set(there):
        return None
    return [back for back in want.returns if repr(back) not in had]


def _nowhere(order: StoredOrder) -> StoredOrder:
    return replace(order, member_id=None, seq=None, sale="", returns="[]")


def _recorded(work: Work, order: StoredOrder, want: WantedPurchase | None) -> StoredOrder:
    """Written into the history of its buyer, where it stands in none."""
    if order.buyer_id is None or want is None or want.left_yen <= 0:
        return replace(order, refused=None)
    buyer = members.keeper(work.uow, order.buyer_id)
    request = Request(buyer, want.what, want.at, order.store, lines=want.lines)
    outcome = record_purchase(work, request)
    if not outcome.done:
        return replace(order, refused=outcome.refused)
    flag_told(work, buyer, want.what.total_yen, store=order.store)
    for back in want.returns:
        _take_back(work, buyer, outcome.seq, back)
    return _standing(order, outcome, want)


def _standing(order: StoredOrder, outcome: Outcome, want: WantedPurchase) -> StoredOrder:
    return replace(
        order,
        member_id=outcome.member_id,
        seq=outcome.seq,
        sale=want.sale,
        returns=_names(want.returns),
        refused=None,
    )


def _take_back(work: Work, member_id: int, seq: int, back: WantedReturn) -> None:
    member = members.lock(work.uow, member_id)
    found = history.one(work.uow, member_id, seq)
    if found is not None:
        what = TakenBack(seq, back.yen, parts=back.parts)
        write_return(work, member, FoundGoods(found, what, back.pieces))


def _backs(work: Work, member: Member, of: int) -> list[RecordedActivity]:
    """What of the purchase was taken back."""
    return [
        each
        for each in history.taken_back(work.uow, member.id)
        if isinstance(each.activity.what, TakenBack) and each.activity.what.of == of
    ]


def _withdraw(work: Work, member: Member, found: RecordedActivity) -> None:
    """Takes the purchase out of the history; where what was spent since stands on it, what is left
    of it is taken back, and later purchases make that good."""
    gone = [found, *_backs(work, member, found.seq)]
    rewritten = rewrite.work_out(work, member, gone)
    if _stands(rewritten):
        _write(work, rewritten)
        return
    backs = gone[1:]
    bought_yen = found.activity.what.total_yen if isinstance(found.activity.what, Purchase) else 0
    left = bought_yen - returns(backs).get(found.seq, 0)
    if left > 0:
        lines = bought.of(work.uow, member.id, [found.seq]).get(found.seq, ())
        what = TakenBack(found.seq, left)
        write_return(work, member, FoundGoods(found, what, all_left(lines)))


def _written_anew(work: Work, written: _WrittenOrder, want: WantedPurchase) -> StoredOrder:
    """With the purchase as it is now in the place of the one before."""
    order, member, found = written.order, written.member, written.found
    if want.left_yen <= 0:
        _withdraw(work, member, found)
        return _nowhere(order)
    rewritten = _exchanged(work, written, want)
    if not _stands(rewritten):
        _withdraw(work, member, found)
        return _recorded(work, _nowhere(order), want)
    _write(work, rewritten)
    if order.sale != want.sale:
        flag_told(work, member.id, want.what.total_yen, store=order.store)
    new, *backs = (each.recorded for each in rewritten.added)
    bought.add(work.uow, member.id, new.seq, want.lines, on=new.activity.day)
    for recorded, back in zip(backs, want.returns, strict=True):
        bought.take_back(work.uow, member.id, recorded.seq, new.seq, back.pieces)
    return _standing(order, Outcome(member.id, seq=new.seq), want)


def _exchanged(work: Work, written: _WrittenOrder, want: WantedPurchase) -> RewrittenHistory:
    member, found, store = written.member, written.found, written.order.store
    seq = member.seq + 1
    backs = (TakenBack(seq, back.yen, parts=back.parts) for back in want.returns)
    requests = [
        Request(member.id, want.what, want.at, store),
        *(Request(member.id, back, work.now, store) for back in backs),
    ]
    added = [
        AddedActivity(RecordedActivity(no, activity_of(work, member, request)), work.key)
        for no, request in enumerate(requests, seq)
    ]
    gone = [found, *_backs(work, member, found.seq)]
    return rewrite.work_out(work, member, gone, added=added)


def _stands(rewritten: RewrittenHistory) -> bool:
    """Whether all the rest stands with it, for no points but those that there are."""
    return rewritten.without.needed is None and not rewritten.without.shortfall


def _write(work: Work, rewritten: RewrittenHistory) -> None:
    member, rest = rewritten.member, rewritten.without
    write_down(work, rewritten)
    for theirs in referral.after_rewriting(work, member, rest.history, rest.judged):
        if _stands(theirs):
            write_down(work, theirs)
    heard = unsay(work.uow, member, rewritten.gone, rewritten.ranks_gone, action=work.key)
    changed = rest.judged.facts.rank.id != member.facts.rank.id
    if heard and (rewritten.points or changed):
        tell_corrected(work, member, rewritten.gone, points=rewritten.points, rank=changed)
