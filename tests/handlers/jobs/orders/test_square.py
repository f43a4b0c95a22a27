"""Square's sales: announced with a signature, asked for on a real port, and on the card."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.sellers.square import Square
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from handlers.actions.orders.connecting import (
    TypedConnection,
    change_connection,
    take_connection_step,
)
from rules.activity import Purchase, TakenBack
from tests.handlers.clubs import SmallClub
from tests.handlers.sellers import Selling, selling_of
from tests.square_shop import (
    APPLICATION,
    SIGNATURE_KEY,
    TOKEN,
    Said,
    SquareServer,
    SquareShop,
    line,
    paid_back,
    returned,
    signature,
    square_on_loopback,
)


@dataclass
class SquareTill:
    """A club that is connected with a shop of Square's."""

    selling: Selling
    shop: SquareShop
    server: SquareServer
    member: int
    connection: int

    def tells(self, *events: Said, key: str = SIGNATURE_KEY) -> set[int]:
        """Those webhooks; gives what was answered."""
        return {self._tell(json.dumps(each).encode(), key) for each in events}

    def _tell(self, body: bytes, key: str) -> int:
        url = f"{self.selling.cafe.club.base_url}/orders/square/{self.connection}"
        signed = {"x_square_hmacsha256_signature": signature(url, body, key)}
        return self.selling.hears(self.connection, body, **signed).status_code

    def hears(self) -> int:
        """The points that purchases brought, once all that was told was fetched."""
        assert self.tells(*self.shop.events) <= {200}
        return self.asks()

    def asks(self, **after: int) -> int:
        """The same, once it was asked what changed."""
        self.selling.cafe.passes(**after or {"minutes": 1})
        self.selling.ticks()
        return self.selling.brought(self.member)


@pytest.fixture
def square(cafe: SmallClub, member: int) -> Iterator[SquareTill]:
    cafe.passes(days=1)
    shop = SquareShop(cafe.now)
    shop.customer("C1", reference_id=cafe.member(member).number)
    with square_on_loopback(shop) as server:
        selling = selling_of(cafe, Square(production=server.url))
        made = selling.connects(APPLICATION, token=TOKEN, secret=SIGNATURE_KEY)
        selling.ticks()
        yield SquareTill(selling, shop, server, member, made)


def sells(square: SquareTill, name: str = "O1", *lines: Said, **more: Any) -> str:
    """A thousand yen, to somebody who shows a card."""
    return square.shop.sells(name, *(lines or (line("a", 1_000, "2"),)), customer_id="C1", **more)


def kinds(square: SquareTill) -> list[type]:
    history = square.selling.cafe.history(square.member)
    found = [type(each.activity.what) for each in history]
    return [each for each in found if each in (Purchase, TakenBack)]


def test_a_sale_at_the_till_brings_its_points_once(square: SquareTill) -> None:
    sells(square)
    assert square.hears() == 10
    assert square.hears() == 10
    assert kinds(square) == [Purchase]
    assert square.selling.waiting() == 0


def test_what_is_told_backwards_and_twice_comes_to_the_same(square: SquareTill) -> None:
    sells(square)
    square.shop.takes_back("B1", "O1", returned("a", 500, "1"))
    square.shop.refunded("B1", "COMPLETED")
    events = list(reversed(square.shop.events))
    for event in (*events, *events):
        assert square.tells(event) == {200}
        square.asks()
    assert square.selling.brought(square.member) == 5
    assert kinds(square) == [Purchase, TakenBack]


def test_a_parcel_counts_when_it_is_paid_and_no_more_when_it_is_cancelled(
    square: SquareTill,
) -> None:
    sells(square, state="OPEN")
    assert square.hears() == 0
    square.shop.pays("O1", closes=False)
    assert square.hears() == 10
    square.shop.cancels("O1")
    assert square.hears() == 0


def test_a_wrong_signature_is_believed_nothing(square: SquareTill) -> None:
    sells(square)
    assert square.tells(*square.shop.events, key="another key") == {401}
    assert square.selling.waiting() == 0


def test_what_no_webhook_told_is_found_by_asking(square: SquareTill) -> None:
    sells(square)
    square.shop.takes_back("B1", "O1", returned("a", 500, "1"))
    assert square.asks(minutes=15) == 5
    # Its order doesn't change when the money stays.
    square.shop.now = square.selling.cafe.now
    square.shop.refunded("B1", "FAILED")
    assert square.asks(minutes=15) == 10
    assert square.selling.known(square.connection).problem is None


def test_a_token_that_was_revoked_loses_nothing(square: SquareTill) -> None:
    sells(square)
    cafe, known = square.selling.cafe, square.selling.known(square.connection)
    with cafe.work(key=cafe.key()) as work:
        gone = TypedConnection(known.fields, token="revoked")
        assert change_connection(work, known.id, gone, revision=known.revision) is None
    assert square.hears() == 0
    assert square.selling.waiting() == 1
    assert square.selling.known(square.connection).problem == "unauthorized"
    known = square.selling.known(square.connection)
    with cafe.work(key=cafe.key()) as work:
        new = TypedConnection(known.fields, token=TOKEN)
        assert change_connection(work, known.id, new, revision=known.revision) is None
    assert square.asks(hours=1) == 10
    assert square.selling.known(square.connection).problem is None


def test_who_asks_too_often_stays_away_as_long_as_square_says(square: SquareTill) -> None:
    sells(square)
    square.server.troubles = [(429, "600")]
    assert square.hears() == 0
    assert square.asks(minutes=8) == 0
    assert square.asks(minutes=3) == 10


def test_a_refund_that_is_heard_of_before_its_sale(square: SquareTill) -> None:
    sells(square)
    told = len(square.shop.events)
    square.shop.takes_back("B1", "O1", returned("a", 500, "1"))
    square.tells(*square.shop.events[told:])
    assert square.asks() == 0
    square.tells(*square.shop.events[:told])
    assert square.asks() == 5


def test_an_exchange_is_the_new_for_the_old(square: SquareTill) -> None:
    sells(square)
    square.shop.takes_back(
        "X1", "O1", returned("a", 1_000, "2"), line_items=[line("b", 1_500)], customer_id="C1"
    )
    assert square.hears() == 15


def test_a_part_of_the_money_comes_back_and_stays_after_all(square: SquareTill) -> None:
    sells(square)
    square.shop.takes_back("B1", "O1", paid_back(300))
    assert square.hears() == 7
    square.shop.refunded("B1", "REJECTED")
    assert square.hears() == 10


def test_what_is_measured_comes_back_in_part_and_then_whole(square: SquareTill) -> None:
    sells(square, "O1", line("beans", 2_250, "2.25"))
    assert square.hears() == 22
    square.shop.takes_back("B1", "O1", returned("beans", 1_000, "1"))
    # 1,250 yen are left.
    assert square.hears() == 12
    square.shop.takes_back("B2", "O1", returned("beans", 1_250, "1.25"))
    assert square.hears() == 0


def test_gift_cards_bring_nothing_where_the_programme_says_so(square: SquareTill) -> None:
    sells(square, "O1", line("a", 1_000), line("card", 5_000, item_type="GIFT_CARD"))
    assert square.hears() == 10


def test_the_buyer_is_known_by_the_telephone_too(square: SquareTill) -> None:
    cafe = square.selling.cafe
    with cafe.store.begin() as uow:
        profiles.put(uow, square.member, Profile(phone="+819012345678"), at=cafe.now)
    square.shop.customer("C2", phone_number="090-1234-5678", reference_id="not a card")
    square.shop.sells("O1", line("a", 1_000), customer_id="C2")
    assert square.hears() == 10


def test_each_location_sells_for_its_store(square: SquareTill) -> None:
    cafe, known = square.selling.cafe, square.selling.known(square.connection)
    stores = [each.id for each in cafe.timeline.latest.programme.stores]
    with cafe.work(key=cafe.key()) as work:
        fields = replace(known.fields, store=stores[0], places={"L-KAWABE": stores[1]})
        change_connection(work, known.id, TypedConnection(fields), revision=known.revision)
    sells(square)
    square.shop.location = "L-KAWABE"
    sells(square, "O2")
    square.hears()
    bought = [
        each.activity.store
        for each in cafe.history(square.member)
        if isinstance(each.activity.what, Purchase)
    ]
    assert bought == stores[:2]


def test_what_is_not_sold_in_yen_is_said_to_the_owner(square: SquareTill) -> None:
    sells(square)
    sells(square, "O2")
    square.shop.orders["O1"]["line_items"][0]["total_money"]["currency"] = "USD"
    assert square.asks(minutes=15) == 10
    for _ in range(4):
        square.asks(minutes=15)
        assert square.selling.known(square.connection).problem == "currency"
    cafe = square.selling.cafe
    with cafe.work(key=cafe.key()) as work:
        take_connection_step(work, square.connection, "test")
    square.asks(minutes=15)
    assert square.selling.known(square.connection).problem is None
