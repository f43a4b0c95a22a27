"""A shop on Shopify whose sales bring points: told, told again, in any order, lost, and refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.handlers.actions.orders.sales import number
from tests.handlers.clubs import SmallClub
from tests.handlers.sellers import Selling, selling_of
from tests.handlers.shopify import (
    DOMAIN,
    SECRET,
    TOKEN,
    PlayedShop,
    refund,
    sale,
    shop_on_loopback,
    signed_headers,
)


@pytest.fixture
def shop() -> Iterator[PlayedShop]:
    with shop_on_loopback() as played:
        yield played


@pytest.fixture
def selling(cafe: SmallClub, shop: PlayedShop, member: int) -> Selling:
    cafe.passes(days=1)
    return selling_of(cafe, shop.adapter)


@pytest.fixture
def connection(selling: Selling) -> int:
    return selling.connects(DOMAIN, secret=SECRET, token=TOKEN)


def tells(selling: Selling, connection: int, *told: dict[str, Any]) -> list[int]:
    """What it answers to each, signed as Shopify does."""
    found = []
    for each in told:
        body = json.dumps(each).encode()
        headers = {name.replace("-", "_"): value for name, value in signed_headers(body).items()}
        found.append(selling.hears(connection, body, **headers).status_code)
    return found


def sold(selling: Selling, member: int, **more: Any) -> dict[str, Any]:
    return sale(1001, selling.cafe.now, card=number(selling.cafe, member), **more)


def later(selling: Selling, order: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same order, changed a minute after."""
    at = selling.cafe.passes(minutes=1)
    return order | {"updated_at": at.isoformat()} | more


def test_a_sale_brings_its_points_once_however_often_it_is_told(
    selling: Selling, connection: int, member: int
) -> None:
    order = sold(selling, member)

    assert tells(selling, connection, order, order, order) == [200, 200, 200]

    # 1,000 yen for beans; the gift card never counts.
    assert selling.brought(member) == 10


def test_a_wrong_signature_brings_nothing(selling: Selling, connection: int, member: int) -> None:
    body = json.dumps(sold(selling, member)).encode()
    headers = signed_headers(body, "another-secret")

    answer = selling.hears(connection, body, **{k.replace("-", "_"): v for k, v in headers.items()})

    assert (answer.status_code, selling.brought(member)) == (401, 0)


def test_a_cancelled_order_brings_nothing_though_that_comes_first(
    selling: Selling, connection: int, member: int
) -> None:
    order = sold(selling, member)
    cancelled = later(selling, order, cancelled_at=selling.cafe.now.isoformat())

    tells(selling, connection, cancelled, order)

    assert selling.brought(member) == 0


def test_a_refund_that_comes_before_its_order_takes_its_part(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    order = sold(selling, member)
    at = selling.cafe.passes(minutes=1)
    back = refund(order, 1, at)
    shop.sells(later(selling, order, refunds=[back], financial_status="partially_refunded"))

    tells(selling, connection, back, order)
    assert selling.brought(member) == 5
    assert selling.waiting() == 1
    selling.ticks()

    assert selling.brought(member) == 5
    assert selling.waiting() == 0


def test_what_is_not_paid_for_brings_its_points_when_it_is(
    selling: Selling, connection: int, member: int
) -> None:
    order = sold(selling, member, financial_status="pending")
    tells(selling, connection, order)
    assert selling.brought(member) == 0

    tells(selling, connection, later(selling, order, financial_status="paid"))

    assert selling.brought(member) == 10


def test_an_edit_is_fetched(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    order = sold(selling, member)
    tells(selling, connection, order)
    dearer = [{**order["line_items"][0], "price": "1500"}]
    shop.sells(later(selling, order, line_items=dearer))

    tells(selling, connection, {"order_edit": {"id": 1, "order_id": 1001}})
    selling.ticks()

    assert selling.brought(member) == 30


def test_what_a_webhook_lost_is_repaired_by_asking(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    selling.ticks()
    shop.sells(sold(selling, member))
    selling.cafe.passes(minutes=15)

    selling.ticks()

    assert selling.brought(member) == 10


def test_a_token_that_was_revoked_stands_there_until_it_is_another(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    shop.sells(sold(selling, member))
    shop.tokens.clear()
    selling.ticks()
    assert selling.known(connection).problem == "unauthorized"
    assert selling.brought(member) == 0

    shop.tokens.add(TOKEN)
    selling.cafe.passes(minutes=1)
    selling.ticks()

    assert (selling.known(connection).problem, selling.brought(member)) == (None, 10)


def test_dollars_are_named_as_a_problem_and_bring_nothing(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    shop.sells(sold(selling, member, currency="USD"))

    selling.ticks()

    assert (selling.known(connection).problem, selling.brought(member)) == ("currency", 0)


def test_of_who_bought_it_nothing_is_kept_but_the_member(
    selling: Selling, connection: int, member: int, shop: PlayedShop
) -> None:
    customer = {"phone": "+819012345678", "tags": "vip", "email": "hanako@example.jp"}
    tells(selling, connection, sold(selling, member, customer=customer, email="hanako@example.jp"))

    with selling.cafe.store.read() as uow:
        (known,) = uow.connection.exec_driver_sql("SELECT known FROM orders").scalars()
    assert "hanako" not in known
    assert "90123" not in known


@pytest.mark.parametrize("name", ["order_id", "id"])
def test_a_refund_with_a_number_that_no_order_has_is_taken_and_is_nothing(
    selling: Selling, connection: int, name: str
) -> None:
    goods = refund(sale(1001, selling.cafe.now), 501, selling.cafe.now) | {name: 10**120}

    assert tells(selling, connection, goods) == [200]
    assert selling.waiting() == 0
    assert selling.known(connection).problem == "unreadable"
