"""What a connected system's orders come to, told by it or asked for."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sellers.adapter import SellerError, SellerLogin, SellerPage
from bot.settings import load_settings
from handlers.actions.orders.connecting import ConnectionStep, take_connection_step
from handlers.actions.orders.hearing import hear
from handlers.actions.recording.work import Work
from handlers.showing.doctor import Patient, examine_here
from rules.orders.heard import HeardOrder, HeardOrders, HeardReturn
from tests.handlers.actions.orders.sales import later, order
from tests.handlers.sellers import PlayedSystem, Selling
from tests.rules.examples import CAFE


def test_a_hint_is_fetched_and_then_forgotten(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    sale = order(selling.cafe, member)
    system.orders["1001"] = sale
    assert selling.tells(shop, told=["1001", "1001"]) == 200
    assert selling.waiting() == 1

    selling.ticks()

    assert selling.brought(member) == 10
    assert selling.waiting() == 0


def test_a_hint_waits_longer_each_time_until_the_system_answers(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    system.orders["1001"] = order(selling.cafe, member)
    selling.tells(shop, told=["1001"])
    system.trouble = SellerError("away")
    for minutes, asked in ((0, 1), (1, 2), (1, 2), (1, 3), (4, 4)):
        selling.cafe.passes(minutes=minutes)
        selling.ticks()
        assert [each.split()[0] for each in system.asked].count("fetch") == asked

    system.trouble = None
    selling.cafe.passes(minutes=8)
    selling.ticks()

    assert selling.brought(member) == 10
    assert selling.waiting() == 0


def test_what_is_said_while_it_is_fetched_is_fetched_again(
    selling: Selling, system: PlayedSystem, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = selling.connects()
    system.orders["1001"] = order(selling.cafe, member)
    selling.tells(shop, told=["1001"])
    fetch = system.fetch

    def fetched(*asked: Any) -> HeardOrders:
        found = fetch(*asked)
        selling.tells(shop, told=["1001"])
        return found

    with monkeypatch.context() as during:
        during.setattr(system, "fetch", fetched)
        selling.ticks()

    assert selling.waiting() == 1


def test_what_no_message_told_is_found_by_asking(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    selling.ticks()
    selling.cafe.passes(minutes=5)
    system.orders["1001"] = order(selling.cafe, member)
    selling.ticks()
    assert selling.brought(member) == 0

    selling.cafe.passes(minutes=10)
    selling.ticks()

    assert selling.brought(member) == 10
    assert selling.known(shop).heard_at == selling.cafe.now


def test_a_list_goes_on_where_a_tick_left_it(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop, begin = selling.connects(), selling.cafe.now
    system.page_size = 2
    for no in range(5):
        at = begin + timedelta(minutes=no)
        sale = order(selling.cafe, member, id=f"{no}", sold_at=at, updated_at=at)
        system.orders[sale.id] = sale
    selling.cafe.passes(hours=1)

    selling.ticks()
    assert selling.known(shop).page == "2"
    selling.ticks()
    selling.ticks()

    assert selling.brought(member) == 50
    assert selling.known(shop).page == ""
    assert selling.known(shop).read_to == begin + timedelta(minutes=4)


def test_sales_from_before_the_day_from_which_on_they_count_bring_nothing(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    before = order(selling.cafe, member)
    selling.cafe.passes(hours=1)
    selling.connects()
    system.orders["1001"] = later(before, updated_at=selling.cafe.now)

    selling.ticks()

    assert selling.brought(member) == 0


def test_a_system_that_refuses_our_keys_stands_there_with_its_problem(
    selling: Selling, system: PlayedSystem
) -> None:
    shop = selling.connects()
    system.trouble = SellerError("unauthorized")

    selling.ticks()

    known = selling.known(shop)
    assert (known.problem, known.failing_since) == ("unauthorized", selling.cafe.now)
    system.trouble = None
    selling.cafe.passes(minutes=1)
    selling.ticks()
    assert selling.known(shop).problem is None


def test_whoever_asks_us_to_stay_away_is_left_alone(selling: Selling, system: PlayedSystem) -> None:
    selling.connects()
    system.trouble = SellerError("too_often", 600.0)
    selling.ticks()
    selling.cafe.passes(minutes=9)
    selling.ticks()
    assert len(system.asked) == 1

    selling.cafe.passes(minutes=1)
    selling.ticks()

    assert len(system.asked) == 2


def test_one_that_fails_keeps_no_other_from_being_asked(
    selling: Selling, system: PlayedSystem, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling.connects("broken"), selling.connects("well")
    changed = system.changed

    def asked(login: SellerLogin, *more: Any) -> SellerPage:
        if login.account == "broken":
            raise ZeroDivisionError
        return changed(login, *more)

    monkeypatch.setattr(system, "changed", asked)
    system.orders["1001"] = order(selling.cafe, member)

    selling.ticks()

    assert selling.brought(member) == 10
    assert selling.known(1).problem == "broken"


def test_one_that_is_off_is_not_asked_and_is_caught_up_when_it_is_on_again(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    steps(selling, shop, "off")
    system.orders["1001"] = order(selling.cafe, member)
    assert selling.tells(shop, system.orders["1001"]) == 200
    selling.ticks()
    assert (selling.brought(member), system.asked) == (0, [])

    steps(selling, shop, "on")
    selling.ticks()

    assert selling.brought(member) == 10


def test_one_that_is_taken_away_leaves_nothing_to_fetch(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    system.orders["1001"] = order(selling.cafe, member)
    selling.tells(shop, told=["1001"])

    steps(selling, shop, "drop")
    selling.ticks()

    assert (selling.waiting(), system.asked) == (0, [])
    assert selling.tells(shop, system.orders["1001"]) == 401


def test_a_shop_connected_anew_counts_no_sale_twice(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop, since = selling.connects(), selling.cafe.now
    system.orders["1001"] = order(selling.cafe, member)
    selling.ticks()
    steps(selling, shop, "drop")

    selling.connects(since=since)
    selling.ticks()

    assert selling.brought(member) == 10


def test_a_place_says_which_store_sold_it_and_it_stays_there(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    system.place = "L2"
    shop = selling.connects(places={"L2": "ekimae"})
    sale = order(selling.cafe, member)

    selling.tells(shop, sale)
    system.place = "elsewhere"
    selling.tells(shop, later(sale, lines=sale.lines[:1]))

    (bought,) = [
        each.activity for each in selling.cafe.history(member) if each.activity.store is not None
    ]
    assert bought.store == "ekimae"


def steps(selling: Selling, connection: int, step: ConnectionStep) -> None:
    with selling.cafe.work(key=selling.cafe.key()) as work:
        assert take_connection_step(work, connection, step) is None


def test_what_a_store_sold_that_closed_meanwhile_is_put_right_there(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    cafe, shop = selling.cafe, selling.connects(store="kawabe")
    sale = order(cafe, member)
    selling.tells(shop, sale)
    assert selling.brought(member) == 10
    begin, end = CAFE.index('[[stores]]\nid = "kawabe"'), CAFE.index("[visits]")
    cafe.publishes(CAFE[:begin] + CAFE[end:])

    assert selling.tells(shop, later(sale, cancelled_at=cafe.now)) == 200

    assert selling.brought(member) == 0
    # Its sales still count there until the owner names another store for them.
    assert selling.tells(shop, order(cafe, member, id="1002")) == 200
    assert selling.brought(member) == 10


def test_the_check_up_says_which_system_does_not_answer(
    selling: Selling, system: PlayedSystem
) -> None:
    selling.connects("kissaten")
    patient = Patient(
        load_settings({"SECRET_KEY": "settings-need-a-secret-key-of-some-length"}),
        selling.cafe.club,
    )

    def said() -> list[tuple[str, str]]:
        return [
            (each.state, each.text) for each in examine_here(patient) if each.topic == "connections"
        ]

    assert said() == [("ok", "doctor.connections.well")]
    system.trouble = SellerError("unauthorized")
    selling.ticks()
    assert said() == [("todo", "doctor.connections.unauthorized")]


@pytest.fixture
def lame(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a mistake of ours the order "lame" can't be taken."""

    def hears(work: Work, connection_id: int, each: HeardOrder | HeardReturn) -> object:
        if isinstance(each, HeardOrder) and each.order.id == "lame":
            raise ValueError("a mistake of ours")
        return hear(work, connection_id, each)

    monkeypatch.setattr("handlers.jobs.orders.asking.hear", hears)


@pytest.mark.usefixtures("lame")
def test_one_order_that_fails_again_and_again_keeps_no_other(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    for name in ("a", "lame", "z"):
        system.orders[name] = order(selling.cafe, member, id=name)

    selling.ticks()
    assert (selling.brought(member), selling.known(shop).problem) == (20, "broken")
    for _ in range(6):
        selling.cafe.passes(hours=1)
        selling.ticks()

    assert (selling.known(shop).failures, selling.known(shop).problem) == (0, "unreadable")


@pytest.mark.usefixtures("lame")
def test_a_hint_that_fails_by_a_mistake_of_ours_waits_too_and_ends(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    selling.ticks()
    system.orders["lame"] = order(selling.cafe, member, id="lame")
    selling.tells(shop, told=["lame"])

    def asked() -> int:
        return sum(each.startswith("fetch") for each in system.asked)

    for _ in range(3):
        selling.ticks()
    assert asked() == 1
    for _ in range(6):
        selling.cafe.passes(hours=1)
        selling.ticks()

    assert (selling.waiting(), selling.known(shop).problem) == (0, "unreadable")


def test_what_is_read_while_it_is_turned_off_is_asked_for_again(
    selling: Selling, system: PlayedSystem, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = selling.connects()
    for name in ("a", "z"):
        system.orders[name] = order(selling.cafe, member, id=name)
        selling.cafe.passes(hours=1)
    changed = system.changed

    def turned_off(*asked: Any) -> SellerPage:
        with selling.cafe.work(key="staff:off") as work:
            assert take_connection_step(work, shop, "off") is None
        return changed(*asked)

    with monkeypatch.context() as during:
        during.setattr(system, "changed", turned_off)
        selling.ticks()
    assert selling.brought(member) == 0
    with selling.cafe.work(key="staff:on") as work:
        assert take_connection_step(work, shop, "on") is None
    selling.ticks()

    assert selling.brought(member) == 20


def test_a_change_that_says_to_be_of_a_day_yet_to_come_hides_none_after_it(
    selling: Selling, system: PlayedSystem, member: int
) -> None:
    shop = selling.connects()
    sale = order(selling.cafe, member, id="ahead")
    system.orders["ahead"] = later(sale, updated_at=sale.updated_at.replace(year=2030))

    selling.ticks()

    assert selling.known(shop).read_to <= selling.cafe.now


@pytest.mark.usefixtures("lame")
def test_what_cannot_be_taken_hides_not_why_the_system_gives_no_answer(
    selling: Selling, system: PlayedSystem, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = selling.connects("kissaten")
    system.orders["lame"] = order(selling.cafe, member, id="lame")
    selling.tells(shop, told=["lame"])

    def unanswered(*_: object) -> object:
        raise SellerError("too_often", 2_400.0)

    monkeypatch.setattr(system, "changed", unanswered)
    for minutes in (0, 1, 2, 4, 8, 16):
        selling.cafe.passes(minutes=minutes)
        selling.ticks()

    assert (selling.waiting(), selling.known(shop).problem) == (0, "too_often")
