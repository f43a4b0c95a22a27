"""How Shopify signs and answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sellers.adapter import Notice, SellerError, SellerLogin, UnreadableMessage
from bot.sellers.shopify import TOPICS, Shopify
from tests.handlers.shopify import CLIENT, DOMAIN, SECRET, TOKEN, PlayedShop, shop_on_loopback
from tests.ports import held_port
from tests.rules.orders.shopify_example import in_yen

#: Shopify's own, from the tests of its PHP library (https://github.com/Shopify/shopify-api-php,
#: tests/BaseTestCase.php and tests/Webhooks/RegistryTest.php at
#: 3c41a5e1b3f92c840eab3085c44009493cc6dffc, MIT licence).
THEIR_SECRET, THEIR_BODY = "7008c5f4da4718b9b45d26d3fcbbb157", b'{"foo":"bar"}'
THEIR_SIGNATURE = "+R9TwYM4mbLTk3hEAOBkpA7zW2lc9vNFmVKs2u2jtyY="
BY_TOKEN = SellerLogin(DOMAIN, "", SECRET, TOKEN)
BY_CLIENT = SellerLogin(DOMAIN, CLIENT, SECRET, "")
SINCE = datetime(2008, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop() -> Iterator[PlayedShop]:
    with shop_on_loopback() as shop:
        yield shop


def notice(body: bytes, **headers: str) -> Notice:
    return Notice({name.replace("_", "-"): value for name, value in headers.items()}, body, "")


@pytest.mark.parametrize("prefix", ["x_shopify_", "shopify_"])
def test_shopify_s_published_signature_is_taken(prefix: str) -> None:
    given = notice(THEIR_BODY, **{f"{prefix}hmac_sha256": THEIR_SIGNATURE})

    assert Shopify().is_genuine(given, THEIR_SECRET)


@pytest.mark.parametrize(
    ("body", "secret", "signature"),
    [
        (THEIR_BODY + b" ", THEIR_SECRET, THEIR_SIGNATURE),
        (THEIR_BODY, THEIR_SECRET[:-1], THEIR_SIGNATURE),
        (THEIR_BODY, THEIR_SECRET, THEIR_SIGNATURE.lower()),
        (THEIR_BODY, THEIR_SECRET, "ひみつ"),
        (THEIR_BODY, THEIR_SECRET, ""),
    ],
)
def test_any_other_is_not(body: bytes, secret: str, signature: str) -> None:
    assert not Shopify().is_genuine(notice(body, x_shopify_hmac_sha256=signature), secret)


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("kissaten", DOMAIN),
        (" https://Kissaten.myshopify.com/admin/orders ", DOMAIN),
        ("https://admin.shopify.com/store/kissaten/settings?x=1", DOMAIN),
        ("ｋｉｓｓａｔｅｎ.myshopify.com", DOMAIN),
        ("kissaten.example.jp", None),
        ("kissaten.myshopify.com.example.jp", None),
        ("127.0.0.1", None),
        ("evil.example/.myshopify.com", None),
        ("user@kissaten.myshopify.com", None),
        ("-x.myshopify.com", None),
        ("", None),
    ],
)
def test_only_a_shop_s_domain_at_shopify_is_an_account(typed: str, domain: str | None) -> None:
    assert Shopify().account(typed) == domain


def test_what_is_no_matter_of_ours_says_nothing() -> None:
    heard = Shopify().heard(BY_TOKEN, notice(b'{"id": 1, "title": "a product"}'))

    assert (heard.told, heard.hints, heard.problem) == ((), (), None)


def test_what_another_shop_tells_is_a_problem() -> None:
    told = notice(b"{}", x_shopify_shop_domain="other.myshopify.com")

    assert Shopify().heard(BY_TOKEN, told).problem == "account"


def test_an_edit_is_a_hint() -> None:
    told = notice(b'{"order_edit": {"id": 1, "order_id": 450789469, "line_items": {}}}')

    assert Shopify().heard(BY_TOKEN, told).hints == ("450789469",)


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b'"x"', b'{"line_items": 1, "financial_status": "paid"}',
        b'{"order_edit": {"order_id": "1; DROP"}}', b'{"refund_line_items": [{}]}',
        b'{"id": 1, "line_items": [], "financial_status": "paid", "created_at": "x"}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        Shopify().heard(BY_TOKEN, notice(body))


@pytest.mark.parametrize("login", [BY_TOKEN, BY_CLIENT])
def test_it_is_asked_by_a_token_or_by_an_app_s_id_and_secret(
    shop: PlayedShop, login: SellerLogin
) -> None:
    assert shop.adapter.who(login) == "喫茶かよい"


@pytest.mark.parametrize(
    "login",
    [SellerLogin(DOMAIN, "", SECRET, "other"), SellerLogin(DOMAIN, CLIENT, "other", "")],
)
def test_wrong_keys_are_told_from_a_shop_that_is_away(shop: PlayedShop, login: SellerLogin) -> None:
    with pytest.raises(SellerError) as refused:
        shop.adapter.who(login)
    assert refused.value.trouble == "unauthorized"

    with held_port() as nobody, pytest.raises(SellerError) as away:
        Shopify(base=f"http://127.0.0.1:{nobody}").who(login)
    assert away.value.trouble == "away"


def test_it_is_told_where_to_tell_once(shop: PlayedShop) -> None:
    for _ in range(2):
        shop.adapter.subscribe(BY_CLIENT, "https://kayoi.example/orders/shopify/1")

    assert [each["topic"] for each in shop.webhooks] == list(TOPICS)


def test_what_it_tells_another_address_is_not_told_us(shop: PlayedShop) -> None:
    addresses = [f"https://{name}.example/orders/shopify/1" for name in ("other", "kayoi")]
    for address in addresses:
        shop.adapter.subscribe(BY_TOKEN, address)

    assert [(each["address"], each["topic"]) for each in shop.webhooks] == [
        (address, topic) for address in addresses for topic in TOPICS
    ]


def test_nobody_but_a_shop_at_shopify_is_asked(shop: PlayedShop) -> None:
    for login in (BY_TOKEN, BY_CLIENT):
        with pytest.raises(SellerError) as no:
            shop.adapter.who(replace(login, account="kissaten.example"))
        assert no.value.trouble == "nonsense"

    assert shop.asked == []


def test_orders_are_fetched_by_their_ids(shop: PlayedShop) -> None:
    shop.sells(in_yen())

    heard = shop.adapter.fetch(BY_TOKEN, ["450789469", "1"])

    assert [each.order.id for each in heard.orders] == ["450789469"]


def test_a_list_of_changes_comes_in_parts_the_oldest_first(shop: PlayedShop) -> None:
    shop.page_size = 2
    for no in (3, 1, 2):
        shop.sells(in_yen(id=no, updated_at=f"2008-01-1{no}T11:00:00-05:00"))
    shop.sells(in_yen(id=4, updated_at="2007-01-01T00:00:00Z"))

    first = shop.adapter.changed(BY_TOKEN, SINCE, "")
    second = shop.adapter.changed(BY_TOKEN, SINCE, first.cursor)

    assert [each.order.id for each in first.heard.orders] == ["1", "2"]
    assert [each.order.id for each in second.heard.orders] == ["3"]
    assert second.cursor == ""
    assert second.heard.newest == datetime.fromisoformat("2008-01-13T11:00:00-05:00")


def test_a_page_s_word_that_is_none_is_not_gone_on_with(shop: PlayedShop) -> None:
    link = f'<https://{DOMAIN}/admin/api/x/orders.json?page_info=%s>; rel="next"'
    for word, cursor in (("eyJ4IjoxfQ", "eyJ4IjoxfQ"), ("a%20b%0A", ""), ("", "")):
        shop.instead = (200, {"Link": link % word})
        assert shop.adapter.changed(BY_TOKEN, SINCE, "").cursor == cursor


def test_one_order_that_can_t_be_read_keeps_no_other(shop: PlayedShop) -> None:
    shop.sells(in_yen(id=1))
    shop.sells(in_yen(id=2, line_items=[{"id": "x"}]))

    heard = shop.adapter.changed(BY_TOKEN, SINCE, "").heard

    assert [each.order.id for each in heard.orders] == ["1"]
    assert heard.problem == "unreadable"


@pytest.mark.parametrize(
    ("status", "headers", "trouble", "rest"),
    [
        (401, {}, "unauthorized", None),
        (402, {}, "unauthorized", None),
        (403, {}, "unauthorized", None),
        (429, {"Retry-After": "2.0"}, "too_often", 2.0),
        (503, {}, "away", None),
        (503, {"Retry-After": "nan"}, "away", None),
        (503, {"Retry-After": "1e999"}, "away", 86_400.0),
        (302, {"Location": "http://127.0.0.1:1/"}, "nonsense", None),
    ],
)
def test_each_no_has_its_name(
    shop: PlayedShop, status: int, headers: dict[str, str], trouble: str, rest: float | None
) -> None:
    shop.instead = (status, headers)

    with pytest.raises(SellerError) as no:
        shop.adapter.changed(BY_TOKEN, SINCE, "")

    assert (no.value.trouble, no.value.retry_after) == (trouble, rest)


@pytest.mark.parametrize("known", [None, {}, "none", ["orders/paid"]])
def test_a_list_of_webhooks_that_makes_no_sense_is_said_to_be_so(
    shop: PlayedShop, known: Any
) -> None:
    shop.webhooks = known

    with pytest.raises(SellerError) as no:
        shop.adapter.subscribe(BY_TOKEN, "https://club.example/orders/shopify/1")

    assert no.value.trouble == "nonsense"
