"""The door at which tills and web shops tell us of orders."""

import pytest

from tests.handlers.actions.orders.sales import later, order
from tests.handlers.api.conftest import Api
from tests.handlers.sellers import PlayedSystem, Selling, selling_of, signed


@pytest.fixture
def selling(api: Api) -> Selling:
    api.cafe.passes(days=1)
    return selling_of(api.cafe, PlayedSystem())


def test_a_signed_message_of_an_order_counts_once(selling: Selling) -> None:
    shop, member = selling.connects(), selling.cafe.joins()
    sale = order(selling.cafe, member)

    assert [selling.tells(shop, sale) for _ in range(3)] == [200, 200, 200]

    assert selling.brought(member) == 10


def test_an_order_that_is_cancelled_brings_nothing(selling: Selling) -> None:
    shop, member = selling.connects(), selling.cafe.joins()
    sale = order(selling.cafe, member)
    selling.tells(shop, sale, later(sale, cancelled_at=selling.cafe.now))

    assert selling.brought(member) == 0


def test_without_the_right_signature_nothing_is_read(selling: Selling) -> None:
    shop = selling.connects()
    body = b'{"orders": []}'

    assert selling.hears(shop, body).status_code == 401
    assert selling.hears(shop, body, x_signed=signed(body, "other")).status_code == 401
    assert selling.hears(shop, body + b" ", x_signed=signed(body)).status_code == 401
    assert selling.hears(shop + 1, body, x_signed=signed(body)).status_code == 401
    assert selling.hears(shop, body, "other", x_signed=signed(body)).status_code == 401
    assert selling.hears(shop, body, x_signed=signed(body)).status_code == 200


def test_before_there_is_a_secret_nothing_is_believed(selling: Selling) -> None:
    shop, body = selling.connects(secret=""), b'{"orders": []}'

    assert selling.hears(shop, body, x_signed=signed(body, "")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"{}",
        b'{"orders": [{"id": 1}]}',
        b"[" * 100_000,
        b'{"orders": [], "x": "\\ud800"}',
        b'{"orders": [], "x": "\\u0000"}',
    ],
)
def test_what_makes_no_sense_is_answered_as_taken_and_noted(selling: Selling, body: bytes) -> None:
    shop = selling.connects()

    assert selling.hears(shop, body, x_signed=signed(body)).status_code == 200

    assert selling.known(shop).problem == "unreadable"


def test_too_much_and_too_often_are_refused(selling: Selling) -> None:
    shop = selling.connects()
    assert selling.hears(shop, b"x" * 4_000_001).status_code == 413

    selling.app.config["KAYOI_ORDERS_RATE"] = 3
    answers = [selling.hears(shop, b"").status_code for _ in range(4)]

    assert answers[-1] == 429
    assert selling.hears(shop, b"").headers["Retry-After"]


def test_other_methods_and_addresses_are_no_door(selling: Selling) -> None:
    browser = selling.app.test_client()

    assert browser.get("/orders/played/1").status_code == 405
    assert browser.post("/orders/played/x").status_code == 404
    assert browser.post("/orders/played/99999999999999999999").status_code == 401


def test_what_says_to_be_of_a_day_that_is_yet_to_come_is_not_believed(selling: Selling) -> None:
    shop, member = selling.connects(), selling.cafe.joins()
    sale = order(selling.cafe, member)
    ahead = later(sale, updated_at=sale.updated_at.replace(year=2030))

    assert selling.tells(shop, ahead) == 200

    assert selling.brought(member) == 0
