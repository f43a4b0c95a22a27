"""Orders, on both databases: whatever comes first, and however often, the ledger is that of the
same sales typed at the counter."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.history import ledger, slips
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.orders import bought
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.take_goods_back import ReturnedGoods, take_goods_back
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.orders.receiving import OrderOutcome, Seller, receive_order, receive_return
from handlers.actions.orders.slips import claim_slip
from handlers.actions.recording.record import Request
from rules.activity import Purchase, TakenBack
from rules.orders.lines import (
    ReceiptLine,
    ReturnedPieces,
    ReturnedWorth,
    bought_lines,
    purchase_of,
    worth_of,
)
from rules.orders.order import Buyer, Order, OrderLine, OrderReturn, OrderReturnLine
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DESK, MANAGER, SmallClub, club_on

SHOP = Seller("shopify", "ekimae")
Message = Order | tuple[str, OrderReturn]


def tells(cafe: SmallClub, *messages: Message) -> OrderOutcome:
    """How the order of the last message stands."""
    outcome = OrderOutcome()
    for message in messages:
        with cafe.work("api") as work:
            if isinstance(message, Order):
                outcome = receive_order(work, SHOP, message)
            else:
                outcome = receive_return(work, SHOP, *message)
    return outcome


def number(cafe: SmallClub, member: int) -> str:
    return cafe.member(member).number


def order(cafe: SmallClub, member: int | None = None, yen: int = 1_000, **more: object) -> Order:
    """A sale of this moment: two pieces of one thing, and a gift card that never counts."""
    lines = (
        OrderLine(id="beans", item="B-200", category="beans", quantity=2, yen=yen),
        OrderLine(id="gift", item="G-1", category="gift_card", yen=500),
    )
    told: dict[str, object] = {
        "id": "1001", "number": "#1001", "sold_at": cafe.now, "updated_at": cafe.now,
        "lines": lines, "buyer": Buyer(card=number(cafe, member)) if member else Buyer(),
    }  # fmt: skip
    return Order.model_validate(told | more)


def later(told: Order, **more: object) -> Order:
    """The same order, changed a minute after."""
    return told.model_copy(update={"updated_at": told.updated_at + timedelta(minutes=1)} | more)


def back(cafe: SmallClub, name: str, line: str = "beans", quantity: int = 1) -> OrderReturn:
    goods = (OrderReturnLine(line=line, quantity=quantity),)
    return OrderReturn(id=name, at=cafe.now, lines=goods)


@pytest.fixture
def member(cafe: SmallClub) -> int:
    """Somebody on a day without a campaign."""
    joined = cafe.joins()
    cafe.passes(days=1)
    return joined


def test_a_sale_brings_points_once_however_often_it_is_told(cafe: SmallClub, member: int) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    first = tells(cafe, told)
    assert (first.member_id, first.points, first.refused) == (member, 10, None)
    assert tells(cafe, told, told, later(told)) == first
    assert cafe.balance(member) == before + 10
    assert cafe.differences(member) == []


def test_an_edit_takes_the_place_of_what_was_sold(cafe: SmallClub, member: int) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    lines = (replace_yen(told.lines[0], 2_500), told.lines[1])
    tells(cafe, told)
    cafe.passes(days=2)
    outcome = tells(cafe, later(told, lines=lines), told)
    assert (outcome.points, cafe.balance(member)) == (25, before + 25)
    # It stands once, as of when it was sold, and nothing was taken back for it.
    bought_once = [
        each for each in cafe.history(member) if isinstance(each.activity.what, Purchase)
    ]
    assert [each.activity.at for each in bought_once] == [told.sold_at]
    assert not any(isinstance(each.activity.what, TakenBack) for each in cafe.history(member))
    assert cafe.differences(member) == []


def replace_yen(line: OrderLine, yen: int) -> OrderLine:
    return line.model_copy(update={"yen": yen})


def test_a_part_comes_back_then_the_order_is_edited_then_cancelled(
    cafe: SmallClub, member: int
) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    tells(cafe, told, ("1001", back(cafe, "r1")), ("1001", back(cafe, "r1")))
    assert cafe.balance(member) == before + 5
    # The purchase stands as it was: only what came back was added.
    assert [type(each.activity.what) for each in cafe.history(member)[-2:]] == [Purchase, TakenBack]
    # The gift card had brought nothing.
    tells(cafe, ("1001", back(cafe, "r2", "gift")))
    assert cafe.balance(member) == before + 5
    edited = later(told, lines=(replace_yen(told.lines[0], 2_000), told.lines[1]))
    tells(cafe, edited)
    assert cafe.balance(member) == before + 10
    tells(cafe, later(edited, cancelled_at=cafe.now))
    assert cafe.balance(member) == before
    assert cafe.member(member).facts.spend == 0
    assert cafe.differences(member) == []


def test_what_is_cancelled_or_comes_back_before_the_sale_is_told_brings_nothing(
    cafe: SmallClub, member: int
) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    tells(cafe, later(told, cancelled_at=cafe.now), told)
    assert cafe.balance(member) == before
    other = told.model_copy(update={"id": "1002"})
    tells(cafe, ("1002", back(cafe, "r1")), other)
    assert cafe.balance(member) == before + 5
    assert cafe.differences(member) == []


def test_points_that_were_spent_before_an_edit_are_made_good_by_later_purchases(
    cafe: SmallClub, member: int
) -> None:
    told = order(cafe, member, 8_000)
    tells(cafe, told)
    cafe.passes(days=1)
    with cafe.work(MANAGER, key="gone") as work:
        assert adjust(work, member, -cafe.balance(member), reason="交換").done
    cafe.passes(days=1)
    tells(cafe, later(told, lines=(replace_yen(told.lines[0], 1_000), told.lines[1])))
    # 80 points were brought, and spent; 10 of them are theirs.
    facts = cafe.member(member).facts
    assert (facts.balance, facts.shortfall, facts.spend) == (0, 70, 1_000)
    tells(cafe, order(cafe, member, 5_000, id="1002"))
    facts = cafe.member(member).facts
    assert (facts.balance, facts.shortfall) == (0, 20)
    assert cafe.differences(member) == []


def test_the_buyer_is_known_by_card_barcode_or_the_only_one_with_that_telephone(
    cafe: SmallClub, member: int
) -> None:
    with cafe.store.begin() as uow:
        profiles.put(uow, member, Profile(phone="+819012345678"), at=cafe.now)
    code = cafe.club.codes.card_code(number(cafe, member))
    for n, buyer in enumerate(
        (
            Buyer(card=number(cafe, member)),
            Buyer(card=code),
            Buyer(phone="090-1234-5678"),
            Buyer(card="0000000000", phone="+81 90 1234 5678"),
        )
    ):
        assert tells(cafe, order(cafe, id=f"n{n}", buyer=buyer)).member_id == member
    assert tells(cafe, order(cafe, id="m", buyer=Buyer(mail="a@b.example"))).member_id is None
    twin = cafe.joins()
    with cafe.store.begin() as uow:
        profiles.put(uow, twin, Profile(phone="+819012345678"), at=cafe.now)
    assert tells(cafe, order(cafe, id="p", buyer=Buyer(phone="09012345678"))).member_id is None


def test_who_is_unknown_claims_it_by_its_code_and_what_comes_later_follows_them(
    cafe: SmallClub, member: int
) -> None:
    before, told = cafe.balance(member), order(cafe)
    outcome = tells(cafe, told)
    assert (outcome.member_id, outcome.seq) == (None, None)
    assert outcome.slip is not None
    # An edit before it is claimed leaves the code as it is.
    edited = later(told, lines=(replace_yen(told.lines[0], 3_000), told.lines[1]))
    assert tells(cafe, edited).slip == outcome.slip
    cafe.passes(days=20)
    with cafe.work("member", key="line:1") as work:
        claimed = claim_slip(work, member, outcome.slip)
    assert (claimed.refused, claimed.points) == (None, 30)
    with cafe.work("member", key="line:2") as work:
        assert claim_slip(work, member, outcome.slip).refused == "slip_used"
    tells(cafe, ("1001", back(cafe, "r1")))
    assert cafe.balance(member) == before + 15
    tells(cafe, later(edited, cancelled_at=cafe.now))
    assert cafe.balance(member) == before
    assert cafe.differences(member) == []


def test_a_code_is_worth_nothing_once_its_order_is_cancelled_or_its_buyer_known(
    cafe: SmallClub, member: int
) -> None:
    told = order(cafe)
    slip = tells(cafe, told).slip
    named = later(told, buyer=Buyer(card=number(cafe, member)))
    assert tells(cafe, named).member_id == member
    other = cafe.joins()
    assert slip is not None
    with cafe.work("member", key="line:1") as work:
        assert claim_slip(work, other, slip).refused == "slip_unknown"
    gone = tells(cafe, order(cafe, id="1002")).slip
    assert gone is not None
    tells(cafe, later(order(cafe, id="1002"), cancelled_at=cafe.now))
    with cafe.store.read() as uow:
        found = slips.get(uow, gone)
    assert found is not None
    assert found.cancelled_at is not None


def test_named_otherwise_later_it_moves_to_the_other_member(cafe: SmallClub, member: int) -> None:
    other = cafe.joins()
    before = cafe.balance(member), cafe.balance(other)
    told = order(cafe, member)
    moved = later(told, buyer=Buyer(card=number(cafe, other)))
    tells(cafe, moved, told)
    assert (cafe.balance(member), cafe.balance(other)) == (before[0], before[1] + 10)
    tells(cafe, later(moved, buyer=Buyer(card=number(cafe, member))))
    assert (cafe.balance(member), cafe.balance(other)) == (before[0] + 10, before[1])
    assert cafe.differences(member, other) == []


def test_what_people_undid_stays_undone(cafe: SmallClub, member: int) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    tells(cafe, told)
    assert cafe.undoes(member, "orders:shopify:1001").done
    assert tells(cafe, later(told, cancelled_at=None)).refused == "order_undone"
    assert cafe.balance(member) == before


def test_what_was_claimed_and_undone_can_be_claimed_again(cafe: SmallClub, member: int) -> None:
    slip = tells(cafe, order(cafe)).slip
    assert slip is not None
    with cafe.work("member", key="line:1") as work:
        assert claim_slip(work, member, slip).done
    assert cafe.undoes(member, "orders:shopify:1001").done
    other = cafe.joins()
    with cafe.work("member", key="line:2") as work:
        assert claim_slip(work, other, slip).done
    assert cafe.differences(member, other) == []


def test_at_the_counter_an_order_is_not_brought_back(cafe: SmallClub, member: int) -> None:
    seq = tells(cafe, order(cafe, member)).seq
    assert seq is not None
    with cafe.work(DESK, key="back") as work:
        assert take_goods_back(work, ReturnedGoods(member, seq)).refused == "return_by_order"


def test_a_merged_buyer_gets_what_comes_new_and_what_stood_waits_for_people(
    cafe: SmallClub, member: int
) -> None:
    keep, told = cafe.joins(), order(cafe, member)
    tells(cafe, told)
    with cafe.work(MANAGER, key="merge") as work:
        assert merge(work, MergeRequest(keep, member)).done
    assert tells(cafe, later(told)).refused is None
    assert tells(cafe, ("1001", back(cafe, "r1"))).refused == "merged"
    assert tells(cafe, order(cafe, member, id="1002")).member_id == keep
    assert cafe.differences(keep, member) == []


def test_of_who_is_erased_nothing_is_known_and_nothing_comes_back(
    cafe: SmallClub, member: int
) -> None:
    told = order(cafe, member)
    tells(cafe, told)
    with cafe.work(MANAGER, key="erase") as work:
        assert erase(work, member).done
    assert tells(cafe, later(told, cancelled_at=cafe.now)).refused == "order_over"
    with cafe.store.read() as uow:
        assert list(bought.held(uow, member)) == []


def test_lines_that_do_not_add_up_are_refused_until_they_do(cafe: SmallClub, member: int) -> None:
    told = order(cafe, member, total_yen=1_499)
    assert tells(cafe, told).refused == "lines_total"
    assert tells(cafe, later(told, total_yen=1_500)).points == 10


# -- whatever comes in whichever order ---------------------------------------------------------

QUANTITIES, YEN = st.integers(1, 3), st.integers(0, 3_000)


@st.composite
def stories(draw: st.DrawFn, no: int) -> tuple[list[Message], Order, list[OrderReturn]]:
    """What is told of one order, how it stands in the end, and what came back of it."""
    sold_at = START + timedelta(days=draw(st.integers(0, 6)), hours=no, minutes=7 * no)
    name = f"{no}"

    def lines() -> tuple[OrderLine, ...]:
        kinds = st.sampled_from(("beans", "gift_card"))
        return tuple(
            OrderLine(id=f"l{n}", item=f"I{n}", category=draw(kinds), quantity=draw(QUANTITIES),
                      yen=draw(YEN))
            for n in range(draw(st.integers(1, 2)))
        )  # fmt: skip

    told: list[Message] = []
    returns: list[OrderReturn] = []
    state = Order(id=name, sold_at=sold_at, updated_at=sold_at, lines=lines())
    for step in range(draw(st.integers(1, 4))):
        at = sold_at + timedelta(minutes=step + 1)
        match draw(st.sampled_from(("same", "edit", "return", "paid back", "cancel"))):
            case "edit":
                state = state.model_copy(update={"lines": lines()})
            case "return" | "paid back" as how:
                some = OrderReturnLine(
                    line=f"l{draw(st.integers(0, 1))}", quantity=draw(QUANTITIES)
                )
                more = {"lines": (some,)} if how == "return" else {"yen": draw(YEN)}
                goods = OrderReturn(id=f"r{step}", at=at, **more)
                returns.append(goods)
                told.append((name, goods))
            case "cancel":
                state = state.model_copy(update={"cancelled_at": at})
        state = state.model_copy(update={"updated_at": at})
        told.append(state)
    return told, state, returns


START = datetime.fromisoformat("2026-01-07T10:00:00+09:00")


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Message], list[tuple[Order, list[OrderReturn]]]]:
    found = [draw(stories(no)) for no in range(1, draw(st.integers(1, 3)) + 1)]
    every = [message for told, _, _ in found for message in told]
    again = draw(st.lists(st.sampled_from(every), max_size=3))
    return draw(st.permutations([*every, *again])), [(state, back) for _, state, back in found]


def types(cafe: SmallClub, member: int, sold: Sequence[tuple[Order, list[OrderReturn]]]) -> None:
    """The same at the counter: each sale when it was, then what came back of it."""
    policy = cafe.timeline.latest.programme.purchase
    assert policy is not None
    for state, returns in sorted(sold, key=lambda each: each[0].sold_at):
        plain = [ReceiptLine(**each.model_dump(exclude={"id"})) for each in state.lines]
        lines = bought_lines(policy, plain)
        what = purchase_of(policy, lines)
        if not isinstance(what, Purchase):
            continue
        cafe.clock.set(state.sold_at)
        with cafe.work() as work:
            request = Request(member, what, cafe.now, "ekimae", lines=lines)
            seq = purchase(work.acting("staff").under(cafe.key()), request).seq
        left, pieces = what.total_yen, {f"l{each.no - 1}": each for each in lines}
        for goods in returns:
            for one in goods.lines:
                line = pieces.get(one.line)
                count = min(one.quantity, line.left) if line else 0
                if line is None or not count or not left:
                    continue
                some = (ReturnedPieces(line.no, count),)
                worth = worth_of(policy, (line,), some)
                assert isinstance(worth, ReturnedWorth)
                if worth.yen > left:
                    # More than is left was paid for them: all that is left goes back.
                    left -= takes_back(cafe, member, ReturnedGoods(member, seq))
                elif worth.yen:
                    left -= takes_back(cafe, member, ReturnedGoods(member, seq, pieces=some))
                    pieces[one.line] = replace(line, returned=line.returned + count)
            if goods.yen and left:
                left -= takes_back(cafe, member, ReturnedGoods(member, seq, min(goods.yen, left)))
        if state.cancelled_at and left:
            takes_back(cafe, member, ReturnedGoods(member, seq))


def takes_back(cafe: SmallClub, member: int, goods: ReturnedGoods) -> int:
    with cafe.work(DESK, key=cafe.key()) as work:
        return take_goods_back(work, goods).yen


def stands(cafe: SmallClub, member: int) -> tuple[object, ...]:
    facts = cafe.member(member).facts
    seqs = {each.seq: each.activity.day for each in cafe.history(member)}
    by_day: Counter[object] = Counter()
    with cafe.store.read() as uow:
        for (seq, rule), points in ledger.granted(uow, member).items():
            by_day[seqs.get(seq), rule] += points
        lots = Counter[object]()
        for lot in ledger.open_lots(uow, member):
            lots[lot.given_on, lot.expires_on] += lot.left
    entries = {key: points for key, points in by_day.items() if points}
    return facts.balance, facts.spend, facts.shortfall, facts.rank.id, facts.badges, entries, +lots


def test_in_every_order_of_arrival_the_ledger_is_that_of_the_counter(
    fresh_database: FreshDatabase,
) -> None:
    with fresh_database() as url, club_on(url) as cafe:

        @settings(
            max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture]
        )
        @given(told=arrivals())
        def check(told: tuple[list[Message], list[tuple[Order, list[OrderReturn]]]]) -> None:
            messages, sold = told
            cafe.clock.set(START - timedelta(days=1))
            online, counter = cafe.joins(), cafe.joins()
            types(cafe, counter, sold)
            cafe.clock.set(START + timedelta(days=9))
            run = cafe.key()
            for message in messages:
                tells(cafe, named(message, run, number(cafe, online)))
            assert stands(cafe, online) == stands(cafe, counter)
            assert cafe.differences(online, counter) == []

        check()


def named(message: Message, run: str, card: str) -> Message:
    """The message as of an order of this example alone."""
    if isinstance(message, Order):
        return message.model_copy(update={"id": f"{run}:{message.id}", "buyer": Buyer(card=card)})
    return f"{run}:{message[0]}", message[1]
