"""Square's signatures by its own published examples, and its questions on a real port."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.sellers.adapter import Notice, SellerError, SellerLogin, SellerPage, UnreadableMessage
from bot.sellers.square import Square
from rules.orders.heard import HeardOrders
from tests.square_shop import (
    APPLICATION,
    SIGNATURE_KEY,
    START,
    TOKEN,
    SquareServer,
    SquareShop,
    line,
    returned,
    square_on_loopback,
)

LOGIN = SellerLogin(APPLICATION, "", SIGNATURE_KEY, TOKEN)


@pytest.fixture
def shop() -> SquareShop:
    return SquareShop()


@pytest.fixture
def server(shop: SquareShop) -> Iterator[SquareServer]:
    with square_on_loopback(shop) as server:
        yield server


@pytest.fixture
def square(server: SquareServer) -> Square:
    return Square(production=server.url)


# github.com/square/square-python-sdk, tests/integration/test_webhooks_helper.py (version 46):
# the examples by which Square tries its own SDK.
_BODY = (
    '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification",'
    '"event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f",'
    '"created_at":"2022-07-13T20:30:59.037339943Z",'
    '"data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}'
)
_SIGNATURE = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="
_KEY = "Ibxx_5AKakO-3qeNVR61Dw"
_URL = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"
_ESCAPED = (
    '{"data":{"type":"webhooks","id":">id<"}}',
    "Cxt7+aTi4rKgcA0bC4g9EHdVtLSDWdqccmL5MvihU4U=",
    "signature-key",
    "https://webhook.site/webhooks",
)


def is_genuine(body: str, signature: str, key: str, url: str) -> bool:
    notice = Notice({"x-square-hmacsha256-signature": signature}, body.encode(), url)
    return Square().is_genuine(notice, key)


def test_squares_published_examples_are_genuine() -> None:
    assert is_genuine(_BODY, _SIGNATURE, _KEY, _URL)
    assert is_genuine(*_ESCAPED)


@pytest.mark.parametrize(
    ("body", "signature", "key", "url"),
    [
        (_BODY, _SIGNATURE, _KEY, "https://webhook.site/79a4f3a-dcfa-49ee-bac5-9d0edad886b9"),
        (_BODY, _SIGNATURE, "MCmhFRxGX82xMwg5FsaoQA", _URL),
        (_BODY, "1z2n3DEJJiUPKcPzQo1ftvbxGdw=", _KEY, _URL),
        (_BODY.replace("2022-07-13", "2022-06-13"), _SIGNATURE, _KEY, _URL),
        (json.dumps(json.loads(_BODY), indent=2), _SIGNATURE, _KEY, _URL),
        (_BODY, _SIGNATURE, "", _URL),
        (_BODY, "", _KEY, _URL),
        (_BODY, "é", _KEY, _URL),
    ],
)  # fmt: skip
def test_the_examples_that_square_refuses_are_none(
    body: str, signature: str, key: str, url: str
) -> None:
    assert not is_genuine(body, signature, key, url)


def test_a_message_without_a_signature_is_not_genuine() -> None:
    assert not Square().is_genuine(Notice({}, _BODY.encode(), _URL), _KEY)


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        (" sq0idp-Abc_def-0123456789 ", "sq0idp-Abc_def-0123456789"),
        ("sandbox-sq0idb-Abc_def-0123456789", "sandbox-sq0idb-Abc_def-0123456789"),
        ("EAAAl-an-access-token-is-none", None),
        ("かよい", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_account_is_an_applications_id(typed: str, account: str | None) -> None:
    assert Square().account(typed) == account


def hears(event: Any) -> HeardOrders:
    return Square().heard(LOGIN, Notice({}, json.dumps(event).encode(), _URL))


# github.com/square/connect-api-specification, api.json: OrderUpdatedEvent,
# OrderFulfillmentUpdatedEvent, PaymentUpdatedEvent, RefundUpdatedEvent, shortened.
@pytest.mark.parametrize(
    ("kind", "data", "hint"),
    [
        ("order.updated", {"id": "eA3vssLHKJrv9H0IdJCM3gNqfdcZY", "object": {"order_updated": {
            "order_id": "eA3vssLHKJrv9H0IdJCM3gNqfdcZY", "version": 2, "state": "OPEN",
        }}}, "eA3vssLHKJrv9H0IdJCM3gNqfdcZY"),
        ("order.fulfillment.updated", {"id": "eA3vssLHKJrv9H0IdJCM3gNqfdcZY", "object": {
            "order_fulfillment_updated": {"order_id": "eA3vssLHKJrv9H0IdJCM3gNqfdcZY"},
        }}, "eA3vssLHKJrv9H0IdJCM3gNqfdcZY"),
        ("payment.updated", {"id": "hYy9pRFVxpDsO1FB05SunFWUe9JZY", "object": {"payment": {
            "id": "hYy9pRFVxpDsO1FB05SunFWUe9JZY", "order_id": "03O3USaPaAaFnI6kkwB1JxGgBsUZY",
        }}}, "03O3USaPaAaFnI6kkwB1JxGgBsUZY"),
        ("refund.updated", {"id": "KkAkhdMs_ptNBVqHY", "object": {"refund": {
            "id": "KkAkhdMs_ptNBVqHY", "order_id": "haOyDuHiqtAXMk0d8pDKXpL7Jg4F",
        }}}, "refund:KkAkhdMs_ptNBVqHY"),
        # One whose name is too long to be kept is asked for by its order.
        ("refund.created", {"id": "K" * 200, "object": {"refund": {
            "id": "K" * 200, "order_id": "haOyDuHiqtAXMk0d8pDKXpL7Jg4F",
        }}}, "haOyDuHiqtAXMk0d8pDKXpL7Jg4F"),
    ],
)  # fmt: skip
def test_a_message_says_which_order_is_to_be_asked_for(kind: str, data: Any, hint: str) -> None:
    assert hears({"type": kind, "data": data}) == HeardOrders(hints=(hint,))


@pytest.mark.parametrize(
    "event",
    [
        json.loads(_BODY),
        {"type": "customer.updated", "data": {"id": "C1"}},
        {"type": "payment.created", "data": {"object": {"payment": {"id": "P1"}}}},
    ],
)
def test_what_is_no_matter_of_ours_says_nothing(event: Any) -> None:
    assert hears(event) == HeardOrders()


@pytest.mark.parametrize(
    "event",
    [
        [], "order.updated", {}, {"type": "order.updated"}, {"type": "order.updated", "data": 1},
        {"type": "order.updated", "data": {"id": 1}}, {"type": "order.updated", "data": {"id": ""}},
        {"type": "order.updated", "data": {"id": "x" * 101}},
        {"type": "payment.updated", "data": {"object": {"payment": []}}},
        {"type": "refund.updated", "data": {"object": {"refund": {"order_id": "O1"}}}},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(event: Any) -> None:
    with pytest.raises(UnreadableMessage):
        hears(event)


def test_orders_are_fetched_with_who_bought_and_what_they_came_back_of(
    shop: SquareShop, square: Square, server: SquareServer
) -> None:
    shop.customer("C1", reference_id="4532015112")
    shop.sells("O1", line("a", 1_000), customer_id="C1")
    shop.takes_back("B1", "O1", returned("a", 1_000))
    heard = square.fetch(LOGIN, ["B1", "O1", "gone"])
    assert [each.order.buyer.card for each in heard.orders] == ["4532015112"]
    assert [each.goods.lines[0].line for each in heard.returns] == ["a"]
    # What is there already isn't asked for again.
    assert server.asked == ["/v2/orders/batch-retrieve", "/v2/customers/bulk-retrieve"]
    server.asked.clear()
    assert [each.goods.lines[0].line for each in square.fetch(LOGIN, ["B1"]).returns] == ["a"]
    assert server.asked == ["/v2/orders/batch-retrieve"] * 2


def test_a_refund_is_fetched_with_its_order(shop: SquareShop, square: Square) -> None:
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    shop.refunded("B1", "REJECTED")
    heard = square.fetch(LOGIN, ["refund:refund-B1", "refund:gone"])
    assert [(each.order_id, each.goods.void) for each in heard.returns] == [("O1", True)]


def test_more_than_a_hundred_are_fetched_in_parts(
    shop: SquareShop, square: Square, server: SquareServer
) -> None:
    names = [shop.sells(f"O{no}", line("a", 100)) for no in range(101)]
    assert len(square.fetch(LOGIN, names).orders) == 101
    assert server.asked == ["/v2/orders/batch-retrieve"] * 2


def pages(square: Square, since: datetime) -> list[SellerPage]:
    found = [square.changed(LOGIN, since, "")]
    while found[-1].cursor:
        found.append(square.changed(LOGIN, since, found[-1].cursor))
    return found


def test_what_changed_is_listed_page_by_page_over_all_locations(
    shop: SquareShop, square: Square, server: SquareServer
) -> None:
    server.page = 2
    for no in range(12):
        shop.location = f"L-{no:02}"
        shop.sells(f"O{no}", line("a", 100))
    since = shop.now
    shop.sells("late", line("a", 100))
    assert [each.heard.newest for each in pages(square, since)[:-1]] == [None] * 2
    found = pages(square, START)
    told = [each.order.id for page in found for each in page.heard.orders]
    assert sorted(told) == sorted([*(f"O{no}" for no in range(12)), "late"])
    # Only the last says up to when all is known.
    assert [page.heard.newest for page in found] == [None] * (len(found) - 1) + [shop.now]
    assert [each.order.id for p in pages(square, since) for each in p.heard.orders] == [
        "O11", "late",
    ]  # fmt: skip


def test_a_refund_that_failed_is_listed_though_its_order_did_not_change(
    shop: SquareShop, square: Square
) -> None:
    shop.sells("O1", line("a", 1_000))
    shop.takes_back("B1", "O1", returned("a", 1_000))
    since = shop.now + timedelta(seconds=1)
    shop.refunded("B1", "FAILED")
    found = [each for page in pages(square, since) for each in page.heard.returns]
    assert [(each.order_id, each.goods.void) for each in found] == [("O1", True)]


def test_a_list_that_never_was_is_no_sense(square: Square) -> None:
    with pytest.raises(SellerError, match="nonsense"):
        square.changed(LOGIN, START, "what")


def test_who_it_is_and_a_token_that_is_good_no_more(square: Square) -> None:
    assert square.who(LOGIN) == "かよい珈琲"
    gone = SellerLogin(APPLICATION, "", SIGNATURE_KEY, "revoked")
    with pytest.raises(SellerError, match="unauthorized"):
        square.who(gone)
    with pytest.raises(SellerError, match="unauthorized"):
        square.fetch(gone, ["O1"])


def test_who_is_asked_too_often_says_how_long_to_stay_away(
    square: Square, server: SquareServer
) -> None:
    server.troubles = [(429, "7")]
    with pytest.raises(SellerError, match="too_often") as trouble:
        square.fetch(LOGIN, ["O1"])
    assert trouble.value.retry_after == 7
    server.troubles = [(503, "")]
    with pytest.raises(SellerError, match="away"):
        square.fetch(LOGIN, ["O1"])


def test_the_sandbox_is_asked_where_the_application_is_of_it(server: SquareServer) -> None:
    square = Square(production="http://127.0.0.1:1", sandbox=server.url)
    login = SellerLogin("sandbox-sq0idb-kayoi-test", "", SIGNATURE_KEY, TOKEN)
    assert square.who(login) == "かよい珈琲"


def test_it_is_told_where_to_tell_us_once(square: Square, server: SquareServer) -> None:
    other = {"id": "other", "notification_url": "https://elsewhere.example/", "signature_key": "x"}
    server.subscriptions = [other]
    url = "https://kayoi.example/orders/square/1"

    assert [square.subscribe(LOGIN, url) for _ in range(2)] == [SIGNATURE_KEY] * 2

    _, made = server.subscriptions
    assert made["notification_url"] == url
    assert {"order.updated", "payment.updated", "refund.updated"} <= set(made["event_types"])


def test_what_was_turned_off_or_tells_too_little_is_put_right(
    square: Square, server: SquareServer
) -> None:
    url = "https://kayoi.example/orders/square/1"
    square.subscribe(LOGIN, url)
    server.subscriptions[0] |= {"enabled": False, "event_types": ["payment.updated", "a.b"]}

    assert square.subscribe(LOGIN, url) == SIGNATURE_KEY

    (made,) = server.subscriptions
    assert made["enabled"] is True
    assert {"order.updated", "payment.updated", "a.b"} <= set(made["event_types"])
