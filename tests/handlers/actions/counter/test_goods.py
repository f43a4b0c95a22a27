"""Receipts with lines at the counter, on both databases: kept, brought back by pieces, undone,
merged, taken apart and forgotten."""

from bot.store.orders import bought
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.take_goods_back import ReturnedGoods, ReturnOutcome, take_goods_back
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from rules.orders.lines import BoughtLine, ReceiptLine, ReturnedPieces, bought_lines, purchase_of
from rules.programme.purchases import PurchasePolicy
from tests.handlers.clubs import DESK, MANAGER, SmallClub

BEANS = ReceiptLine(item="B-200", name="豆 200g", category="beans", quantity=2, yen=1_000)
#: Goods that the café says never count.
GIFT = ReceiptLine(item="G-1", category="gift_card", yen=600)


def joins(cafe: SmallClub) -> int:
    member = cafe.joins()
    cafe.passes(days=1)
    return member


def policy_of(cafe: SmallClub) -> PurchasePolicy:
    policy = cafe.timeline.at(cafe.now).programme.purchase
    assert policy is not None
    return policy


def buys(cafe: SmallClub, member: int, *lines: ReceiptLine, key: str | None = None) -> int:
    """The number of the purchase in the member's history."""
    cafe.passes(minutes=1)
    sold = bought_lines(policy_of(cafe), lines)
    made = purchase_of(policy_of(cafe), sold)
    assert isinstance(made, Purchase)
    with cafe.work() as work:
        request = Request(member, made, cafe.now, "ekimae", lines=sold)
        outcome = purchase(work.acting("staff").under(key or cafe.key()), request)
    assert outcome.done
    return outcome.seq


def returns(
    cafe: SmallClub, member: int, seq: int, *pieces: ReturnedPieces, key: str | None = None
) -> ReturnOutcome:
    cafe.passes(minutes=1)
    with cafe.work(DESK, key=key or cafe.key()) as work:
        return take_goods_back(work, ReturnedGoods(member, seq, pieces=pieces))


def lines(cafe: SmallClub, member: int, seq: int) -> tuple[BoughtLine, ...]:
    with cafe.store.read() as uow:
        return bought.of(uow, member, [seq]).get(seq, ())


def held(cafe: SmallClub, member: int) -> list[str]:
    with cafe.store.read() as uow:
        return [line.line.item for _, line in bought.held(uow, member)]


def test_lines_stand_beside_the_history_with_what_never_counts(cafe: SmallClub) -> None:
    member = joins(cafe)
    before = cafe.balance(member)
    seq = buys(cafe, member, BEANS, GIFT)
    assert [each.excluded for each in lines(cafe, member, seq)] == [False, True]
    # 1,000 of the 1,600 yen count, at 1 point for 100.
    assert cafe.balance(member) - before == 10
    assert cafe.differences(member) == []


def test_by_pieces_exactly_what_they_brought_goes_back(cafe: SmallClub) -> None:
    member = joins(cafe)
    before = cafe.balance(member)
    seq = buys(cafe, member, BEANS, GIFT)
    # The gift card had brought nothing.
    gone = returns(cafe, member, seq, ReturnedPieces(2, 1))
    assert (gone.yen, gone.points) == (600, 0)
    gone = returns(cafe, member, seq, ReturnedPieces(1, 1))
    assert (gone.yen, gone.points) == (500, -5)
    assert [each.left for each in lines(cafe, member, seq)] == [1, 0]
    assert returns(cafe, member, seq, ReturnedPieces(1, 2)).refused == "return_lines"
    # All that is left.
    gone = returns(cafe, member, seq)
    assert (gone.yen, gone.points, cafe.balance(member)) == (500, -5, before)
    assert [each.left for each in lines(cafe, member, seq)] == [0, 0]
    assert returns(cafe, member, seq).refused == "return_again"
    assert cafe.differences(member) == []


def test_a_return_sent_twice_takes_back_once(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, BEANS)
    first = returns(cafe, member, seq, ReturnedPieces(1, 1), key="staff:1")
    assert returns(cafe, member, seq, ReturnedPieces(1, 1), key="staff:1") == first
    assert [each.left for each in lines(cafe, member, seq)] == [1]


def test_an_undone_return_puts_the_pieces_back_and_an_undone_purchase_has_no_lines(
    cafe: SmallClub,
) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, BEANS, key="buy")
    returns(cafe, member, seq, ReturnedPieces(1, 1), key="back")
    assert cafe.undoes(member, "back").done
    assert [each.left for each in lines(cafe, member, seq)] == [2]
    returns(cafe, member, seq, ReturnedPieces(1, 1))
    assert cafe.undoes(member, "buy").done
    assert lines(cafe, member, seq) == ()
    assert held(cafe, member) == []
    assert cafe.differences(member) == []


def test_what_was_bought_follows_a_merging_and_its_undoing_and_goes_with_who_is_erased(
    cafe: SmallClub,
) -> None:
    keep, other = joins(cafe), joins(cafe)
    buys(cafe, keep, BEANS)
    buys(cafe, other, GIFT)
    with cafe.work(MANAGER, key="merge") as work:
        assert merge(work, MergeRequest(keep, other)).done
    assert (sorted(held(cafe, keep)), held(cafe, other)) == (["B-200", "G-1"], [])
    assert cafe.undoes(keep, "merge").done
    assert (held(cafe, keep), held(cafe, other)) == (["B-200"], ["G-1"])
    with cafe.work(MANAGER, key="merge again") as work:
        assert merge(work, MergeRequest(keep, other)).done
    with cafe.work(MANAGER, key="erase") as work:
        assert erase(work, keep).done
    assert held(cafe, keep) == held(cafe, other) == []
