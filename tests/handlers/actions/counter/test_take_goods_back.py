"""Goods brought back to the counter, on both databases: the ledger adds up whatever was spent."""

from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.codes import RewardUse
from bot.store.history import ledger
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.counter.take_goods_back import ReturnedGoods, ReturnOutcome, take_goods_back
from handlers.actions.members.membership import change_membership
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request, carry_out
from rules.activity import Expiry, Purchase
from rules.programme.points import LotWithdrawal
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, MANAGER, SmallClub, club_on
from tests.rules.examples import CAFE, changed


def joins(cafe: SmallClub) -> int:
    """Somebody new, who comes again on a day that is no 5のつく日."""
    member = cafe.joins()
    cafe.passes(days=1)
    return member


def buys(cafe: SmallClub, member: int, yen: int, number: str | None = None) -> int:
    """The number of the purchase in the member's history."""
    cafe.passes(minutes=1)
    with cafe.work() as work:
        request = Request(member, Purchase(yen), cafe.now, "ekimae", number)
        outcome = purchase(work.acting("staff").under(cafe.key()), request)
    assert outcome.done
    return outcome.seq


def returns(
    cafe: SmallClub, member: int, seq: int, yen: int | None = None, key: str | None = None
) -> ReturnOutcome:
    cafe.passes(minutes=1)
    with cafe.work(DESK, key=key or cafe.key()) as work:
        return take_goods_back(work, ReturnedGoods(member, seq, yen))


def at_first_purchase(cafe: SmallClub) -> tuple[int, int]:
    """A regular, and a friend of theirs, whose first purchase counts for both."""
    cafe.publishes(changed(CAFE, ('counts_at = "first_visit"', 'counts_at = "first_purchase"')))
    regular = cafe.joins()
    cafe.passes(days=1)
    return regular, cafe.joins(referred_by=regular)


def test_a_referral_counts_at_the_first_purchase_and_goes_when_all_of_it_is_returned(
    cafe: SmallClub,
) -> None:
    regular, friend = at_first_purchase(cafe)
    assert cafe.visits(friend).points == 10
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 60)
    first = buys(cafe, friend, 1_000)
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 170)
    # A part of it leaves a purchase, and the second is no first one.
    returns(cafe, friend, first, 400)
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 166)
    second = buys(cafe, friend, 500)
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 171)
    # Without the first, the second is.
    returns(cafe, friend, first)
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 165)
    returns(cafe, friend, second)
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 60)
    assert cafe.differences(regular, friend) == []


def test_what_a_referrer_has_spent_since_is_theirs(cafe: SmallClub) -> None:
    regular, friend = at_first_purchase(cafe)
    seq = buys(cafe, friend, 1_000)
    assert uses(cafe, regular).done
    spent = cafe.balance(regular)
    returns(cafe, friend, seq)
    assert (cafe.balance(regular), cafe.balance(friend)) == (spent, 50)
    assert cafe.differences(regular, friend) == []


def uses(cafe: SmallClub, member: int, reward: str = "off_100") -> Outcome:
    cafe.passes(minutes=1)
    with cafe.work() as work:
        use = RewardUse(reward, None)
        return redeem(work.acting("staff").under(cafe.key()), member, use, at=cafe.now)


def test_a_receipt_is_taken_back_once_without_the_visit(cafe: SmallClub) -> None:
    member = joins(cafe)
    cafe.visits(member)
    before = cafe.balance(member)
    seq = buys(cafe, member, 1_200, "0007")
    cafe.passes(days=1)
    outcome = returns(cafe, member, seq, key="staff:r")
    assert (outcome.done, outcome.yen, outcome.points, outcome.shortfall) == (True, 1_200, -12, 0)
    assert returns(cafe, member, seq, key="staff:r") == outcome
    facts = cafe.member(member).facts
    assert (facts.balance, facts.spend, facts.visits) == (before, 0, 1)
    assert returns(cafe, member, seq).refused == "return_again"
    assert cafe.differences(member) == []
    assert audited(cafe) == [("return", 7, "ekimae", 3, member)]


def test_a_part_is_taken_back_and_no_more_than_there_is(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 1_000)
    assert returns(cafe, member, seq, 1_001).refused == "return_amount"
    assert returns(cafe, member, seq, 0).refused == "return_amount"
    assert returns(cafe, member, seq, -1).refused == "return_amount"
    assert returns(cafe, member, 1).refused == "return_unknown"
    assert returns(cafe, member, 99).refused == "return_unknown"
    assert returns(cafe, member, seq, 250).points == -3
    assert returns(cafe, member, seq, 751).refused == "return_amount"
    assert returns(cafe, member, seq, 750).points == -7
    assert returns(cafe, member, seq, 1).refused == "return_again"
    assert cafe.differences(member) == []


def test_what_was_spent_since_is_short_and_made_good_by_later_purchases(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 5_000)
    assert cafe.balance(member) == 100
    assert uses(cafe, member).done
    cafe.passes(days=1)
    outcome = returns(cafe, member, seq)
    assert (outcome.done, outcome.balance, outcome.shortfall) == (True, 0, 50)
    assert cafe.differences(member) == []
    cafe.visits(member)
    assert cafe.balance(member) == 10
    buys(cafe, member, 3_000)
    facts = cafe.member(member).facts
    assert (facts.balance, facts.shortfall) == (10, 20)
    last = buys(cafe, member, 3_000)
    facts = cafe.member(member).facts
    assert (facts.balance, facts.shortfall) == (20, 0)
    assert cafe.differences(member) == []
    # And back again: what had been made good is short once more.
    outcome = returns(cafe, member, last)
    assert (outcome.balance, outcome.shortfall) == (10, 20)
    assert cafe.differences(member) == []


def test_a_return_is_undone_like_anything_else(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 5_000)
    uses(cafe, member)
    before = cafe.member(member).facts
    returns(cafe, member, seq, key="staff:r")
    assert cafe.undoes(member, "staff:r").done
    facts = cafe.member(member).facts
    assert (facts.balance, facts.spend, facts.shortfall) == (before.balance, before.spend, 0)
    assert cafe.differences(member) == []
    assert returns(cafe, member, seq).shortfall == 50


def test_an_undo_does_not_hide_behind_a_return(cafe: SmallClub) -> None:
    member = joins(cafe)
    cafe.visits(member, key="staff:v")
    cafe.passes(days=1)
    seq = buys(cafe, member, 4_000)
    assert uses(cafe, member).done
    assert cafe.balance(member) == 0
    other = buys(cafe, member, 1_000)
    assert returns(cafe, member, other).shortfall == 0
    undone = cafe.undoes(member, "staff:v")
    assert (undone.refused, undone.missing) == ("undo_spent", 10)
    assert cafe.undoes(member, "staff:v", force=True).done
    assert returns(cafe, member, seq).shortfall == 40
    assert cafe.differences(member) == []


def test_a_purchase_is_undone_after_it_was_returned_and_made_something_good(
    cafe: SmallClub,
) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 5_000)
    uses(cafe, member)
    returns(cafe, member, seq)
    cafe.passes(minutes=1)
    with cafe.work() as work:
        bought = Request(member, Purchase(3_000), cafe.now, "ekimae")
        purchase(work.acting("staff").under("staff:p"), bought)
    assert cafe.member(member).facts.shortfall == 20
    assert cafe.undoes(member, "staff:p").done
    facts = cafe.member(member).facts
    assert (facts.balance, facts.shortfall) == (0, 50)
    assert cafe.differences(member) == []


def test_nobody_pays_for_points_that_had_run_out(cafe: SmallClub) -> None:
    member = joins(cafe)
    cafe.visits(member)
    seq = buys(cafe, member, 1_000)
    cafe.passes(days=1)
    with cafe.work() as work:
        open_lots = ledger.open_lots(work.uow, member)
        gone = (LotWithdrawal(open_lots[-1].no, 10),)
        carry_out(work.under("tick:expiry:x"), Request(member, Expiry(10), cafe.now), takes=gone)
    before = cafe.balance(member)
    outcome = returns(cafe, member, seq)
    assert (outcome.balance, outcome.shortfall) == (before, 0)
    assert cafe.differences(member) == []


def test_who_left_or_was_adjusted_returns_goods_all_the_same(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 9_000)
    cafe.passes(minutes=1)
    with cafe.work() as work:
        adjust(work.acting(MANAGER).under("staff:a"), member, -140, reason="交換")
        change_membership(work.acting("staff").under("l"), member, "left", at=cafe.now)
    assert returns(cafe, member, seq).shortfall == 90
    assert cafe.differences(member) == []


def test_late_scans_are_judged_around_it(cafe: SmallClub) -> None:
    member = joins(cafe)
    seq = buys(cafe, member, 5_000)
    uses(cafe, member)
    returns(cafe, member, seq)
    cafe.passes(hours=5)
    cafe.visits(member, at=cafe.now - timedelta(hours=4, minutes=59))
    assert cafe.differences(member) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("buy", "buy", "return", "return", "use", "visit", "day", "late")),
        st.integers(0, 60),
    ),
    max_size=14,
)


@given(steps=STEPS)
@example([("buy", 50), ("use", 0), ("return", 60), ("buy", 10), ("return", 60), ("late", 0)])
@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_return_is_never_refused_and_everything_adds_up(
    fresh_sqlite: FreshDatabase, steps: list[tuple[str, int]]
) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        member, bought = joins(cafe), list[int]()
        for what, size in steps:
            cafe.passes(minutes=5)
            match what:
                case "buy":
                    bought.append(buys(cafe, member, 100 * size + 100))
                case "return" if bought:
                    seq = bought[size % len(bought)]
                    outcome = returns(cafe, member, seq, None if size % 2 else 50)
                    assert outcome.refused in (None, "return_again")
                case "use":
                    uses(cafe, member)
                case "visit":
                    cafe.visits(member)
                case "late":
                    cafe.visits(member, at=cafe.now - timedelta(days=2))
                case _:
                    cafe.passes(days=size)
            facts = cafe.member(member).facts
            assert facts.balance >= 0
            assert facts.shortfall >= 0
            assert cafe.differences(member) == []
