"""Orders, on both databases: whatever comes first, and however often, the ledger is that of the
same sales typed at the counter."""

from dataclasses import replace

import pytest

from bot.store.finding import prune
from bot.store.history import slips
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.orders import bought, orders, waiting
from bot.store.orders.orders import OrderName
from bot.store.orders.waiting import OrdersAsked
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.take_goods_back import ReturnedGoods, take_goods_back
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.orders.receiving import CLAIMED_WITHIN, OrderOutcome, try_again
from handlers.actions.orders.slips import claim_slip
from handlers.actions.recording.actor import Actor
from rules.activity import Purchase, TakenBack
from rules.orders.order import Buyer
from tests.handlers.actions.orders.sales import SHOP, back, later, number, order, replace_yen, tells
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, MANAGER, SmallClub


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


def waits(cafe: SmallClub, asked: OrdersAsked | None = None) -> list[str]:
    with cafe.store.read() as uow:
        return [each.order.name.order_id for each in waiting.refused(uow, asked or OrdersAsked())]


def tries(cafe: SmallClub, desk: Actor = MANAGER, key: str = "staff:again") -> OrderOutcome:
    with cafe.work(desk, key=key) as work:
        return try_again(work, OrderName(SHOP.system, "1001"))


def test_an_order_that_waited_is_tried_again_once_its_reason_is_gone(
    cafe: SmallClub, member: int
) -> None:
    before = cafe.balance(member)
    with cafe.work("member", key="line:left") as work:
        assert change_membership(work, member, "left", at=work.now).done
    told = order(cafe, member)
    assert tells(cafe, told).refused == "left"
    assert waits(cafe) == ["1001"]
    assert tries(cafe).refused == "left"
    # It was a mistake that they left: then they never had.
    assert cafe.undoes(member, "line:left").done
    outcome = tries(cafe, key="staff:again2")
    assert (outcome.refused, outcome.points) == (None, 10)
    assert tries(cafe, key="staff:again2") == tries(cafe, key="staff:again3") == outcome
    assert waits(cafe) == []
    bought = cafe.history(member)[-1].activity
    assert (bought.at, bought.by, bought.store) == (told.sold_at, "api", "ekimae")
    assert cafe.balance(member) == before + 10
    assert cafe.differences(member) == []
    assert audited(cafe)[-1][0] == "order_again"


def test_who_works_at_another_store_tries_nothing(cafe: SmallClub, member: int) -> None:
    with cafe.work("member", key="line:left") as work:
        change_membership(work, member, "left", at=work.now)
    tells(cafe, order(cafe, member))
    elsewhere = replace(MANAGER, store="kawabe", everywhere=False)
    assert tries(cafe, elsewhere).refused == "order_gone"
    assert waits(cafe, OrdersAsked(store="kawabe")) == []
    assert waits(cafe, OrdersAsked(store="ekimae")) == ["1001"]


def test_orders_that_wait_come_a_page_at_a_time(cafe: SmallClub, member: int) -> None:
    with cafe.work("member", key="line:left") as work:
        change_membership(work, member, "left", at=work.now)
    # Three of one moment, and one before.
    tells(cafe, order(cafe, member, id="0"))
    cafe.passes(minutes=1)
    tells(cafe, *(order(cafe, member, id=str(n)) for n in (1, 2, 3)))
    seen: list[str] = []
    place = None
    while True:
        with cafe.store.read() as uow:
            found = waiting.refused(uow, OrdersAsked(after=place, most=2))
        if not found:
            break
        seen += [each.order.name.order_id for each in found]
        place = found[-1].place
    assert seen == ["3", "2", "1", "0"]


def test_what_nobody_has_claimed_is_listed_while_it_can_be(cafe: SmallClub, member: int) -> None:
    told = [order(cafe, id=str(n)) for n in (1, 2, 3)]
    codes = [tells(cafe, each).slip or "" for each in told]
    tells(cafe, later(told[2], cancelled_at=cafe.now))

    def listed() -> list[str]:
        with cafe.store.read() as uow:
            found = waiting.claimable(uow, OrdersAsked(), now=cafe.now, within=CLAIMED_WITHIN)
        return [each.order.slip or "" for each in found]

    assert listed() == [codes[1], codes[0]]
    with cafe.work(key="line:slip") as work:
        assert claim_slip(work.acting("member"), member, codes[0]).done
    assert listed() == [codes[1]]
    cafe.passes(days=30)
    assert listed() == []


def prunes(cafe: SmallClub) -> dict[str, int]:
    gone = prune.prune(cafe.store, now=cafe.now, wall=cafe.now, most=100)
    return {name: count for name, count in gone.items() if name.startswith("orders")}


def test_a_late_word_on_an_order_of_long_ago_brings_nothing_twice(
    cafe: SmallClub, member: int
) -> None:
    before, told = cafe.balance(member), order(cafe, member)
    tells(cafe, told, order(cafe, id="2002"))
    cafe.passes(days=400)
    assert prunes(cafe) == {}
    cafe.passes(seconds=1)
    assert prunes(cafe) == {"orders": 1, "orders_emptied": 1}
    assert prunes(cafe) == {}
    balance = cafe.balance(member)
    assert balance == before + 10
    for message in (told, later(told, cancelled_at=cafe.now), ("1001", back(cafe, "r1"))):
        assert tells(cafe, message).refused == "order_over"
    assert cafe.balance(member) == balance
    # The counter takes it back by hand from now on.
    [seq] = [e.seq for e in cafe.history(member) if isinstance(e.activity.what, Purchase)]
    with cafe.work(MANAGER, key="staff:back") as work:
        assert take_goods_back(work, ReturnedGoods(member, seq)).refused is None
    assert cafe.differences(member) == []


def test_an_order_of_which_something_was_told_lately_stays(cafe: SmallClub, member: int) -> None:
    told = order(cafe, member)
    tells(cafe, told)
    cafe.passes(days=399)
    tells(cafe, ("1001", back(cafe, "r1")))
    cafe.passes(days=399)
    assert prunes(cafe) == {}
    assert tells(cafe, later(told, cancelled_at=cafe.now)).refused is None
    assert cafe.differences(member) == []


def test_many_old_orders_of_one_system_go_in_bounded_steps(
    cafe: SmallClub, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "CHUNK", 2)
    tells(cafe, *(order(cafe, id=str(n)) for n in range(5)))
    cafe.passes(days=401)
    tells(cafe, order(cafe, id="new"))
    assert prune.prune(cafe.store, now=cafe.now, wall=cafe.now, most=3)["orders"] == 3
    assert prunes(cafe) == {"orders": 2}
    with cafe.store.read() as uow:
        assert orders.get(uow, OrderName(SHOP.system, "new")) is not None
