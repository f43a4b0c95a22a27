"""Whatever comes first, and however often: the ledger is that of the same sales at the counter."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.history import ledger
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.take_goods_back import ReturnedGoods, take_goods_back
from handlers.actions.recording.record import Request
from rules.activity import Purchase
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
from tests.handlers.actions.orders.sales import (
    Message,
    number,
    tells,
)
from tests.handlers.clubs import DESK, SmallClub, club_on

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
    stand_alike(fresh_database, arrivals())


def stand_alike(
    fresh_database: FreshDatabase,
    arriving: st.SearchStrategy[tuple[list[Message], list[tuple[Order, list[OrderReturn]]]]],
) -> None:
    """Whoever bought what the messages say, and who bought what was really sold at the counter."""
    with fresh_database() as url, club_on(url) as cafe:

        @settings(
            max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture]
        )
        @given(told=arriving)
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
