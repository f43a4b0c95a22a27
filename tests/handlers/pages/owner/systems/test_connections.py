"""The owner's web shops and tills: connected, looked at, tried, stopped and taken away."""

import html
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.sellers.adapter import SellerLogin
from bot.sellers.shopify import Shopify
from bot.store.orders import connections
from bot.store.orders.connections import SellerConnection
from handlers.actions.orders.connecting import take_connection_step
from handlers.actions.orders.hearing import login_of
from handlers.club import Club
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.shopify import CLIENT, DOMAIN, SECRET, PlayedShop, shop_on_loopback
from tests.journeys.counting import counting

KEY = "00000000-0000-4000-8000-00000000000"
NEW = "/owner/connections/new/shopify"
FORM = {
    "key": f"{KEY}1", "revision": "0", "account": "https://admin.shopify.com/store/kissaten",
    "client": CLIENT, "secret": SECRET, "token": "", "store": "ekimae", "since": "2026-01-05",
}  # fmt: skip


@pytest.fixture
def shopify() -> Iterator[PlayedShop]:
    with shop_on_loopback() as played:
        yield played


@pytest.fixture
def club(shop: SmallClub, shopify: PlayedShop) -> Club:
    shop.club = replace(shop.club, wall=shop.clock, sellers={"shopify": shopify.adapter})
    return shop.club


@pytest.fixture
def owner(desks: Desks) -> Browser:
    return desks.signed_in("owner", "owner", None)


def every(shop: SmallClub) -> list[SellerConnection]:
    with shop.store.read() as uow:
        return connections.every(uow)


def connected(shop: SmallClub, owner: Browser) -> SellerConnection:
    assert owner.post(NEW, **FORM).status_code == 303
    return every(shop)[-1]


def test_a_key_that_is_changed_while_the_old_one_is_tried_stays_changed(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = connected(shop, owner)
    subscribe = Shopify.subscribe

    def meanwhile(self: Shopify, login: SellerLogin, url: str) -> str:
        form = {**FORM, "key": f"{KEY}3", "revision": str(known.revision), "secret": "shpss_new"}
        assert owner.post(f"/owner/connections/{known.id}/change", **form).status_code == 303
        return subscribe(self, login, url)

    monkeypatch.setattr(Shopify, "subscribe", meanwhile)

    owner.post(f"/owner/connections/{known.id}/test", key=f"{KEY}2")

    login = login_of(shop.club.codes, every(shop)[-1])
    assert login is not None
    assert login.secret == "shpss_new"


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_a_shop_is_connected_once_and_its_keys_are_never_shown(
    shop: SmallClub, owner: Browser
) -> None:
    assert say("ja", "owner.connections.shopify.step_3") in text(owner, NEW)
    for _ in range(2):
        assert owner.post(NEW, **FORM).status_code == 303

    (known,) = every(shop)
    assert (known.fields.account, known.fields.client) == (DOMAIN, CLIENT)
    assert known.since.isoformat() == "2026-01-04T15:00:00+00:00"
    login = login_of(shop.club.codes, known)
    assert login is not None
    assert (login.secret, SECRET in known.secret) == (SECRET, False)
    for path in ("/owner/connections", f"/owner/connections/{known.id}"):
        assert DOMAIN in text(owner, path)
        assert SECRET not in text(owner, path)
    assert SECRET not in text(owner, f"/owner/connections/{known.id}/change")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"account": "kissaten.example.jp"}, "connection_account"),
        ({"secret": ""}, "connection_secret"),
        ({"secret": "two words"}, "connection_secret"),
        ({"client": ""}, "connection_token"),
        ({"since": "2025-10-01"}, "connection_since"),
        ({"since": "2026-02-01"}, "connection_since"),
        ({"since": "soon"}, "connection_since"),
        ({"store": "nowhere"}, "store_unknown"),
        ({"place-ekimae": "L1", "place-kawabe": "L1"}, "connection_places"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    shop: SmallClub, owner: Browser, typed: dict[str, str], code: str
) -> None:
    answer = owner.post(NEW, **{**FORM, **typed})

    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert say("ja", f"refusal.{code}.why") in page
    assert (typed.get("account") or FORM["account"]) in page
    assert every(shop) == []


def test_one_shop_isn_t_connected_twice(shop: SmallClub, owner: Browser) -> None:
    connected(shop, owner)

    answer = owner.post(NEW, **{**FORM, "key": f"{KEY}2", "account": "kissaten"})

    assert answer.status_code == 422
    assert say("ja", "refusal.connection_twice.why") in html.unescape(answer.text)
    assert len(every(shop)) == 1


def test_trying_it_says_whose_shop_it_is_and_tells_it_where_to_tell(
    shop: SmallClub, owner: Browser, shopify: PlayedShop
) -> None:
    known = connected(shop, owner)

    answer = owner.post(f"/owner/connections/{known.id}/test", key=f"{KEY}2")

    assert answer.status_code == 200
    assert "喫茶かよい" in html.unescape(answer.text)
    here = f"https://kayoi.example/orders/shopify/{known.id}"
    assert {each["address"] for each in shopify.webhooks} == {here}


def test_trying_it_with_wrong_keys_says_so(
    shop: SmallClub, owner: Browser, shopify: PlayedShop
) -> None:
    known = connected(shop, owner)
    shopify.tokens.clear()

    answer = owner.post(f"/owner/connections/{known.id}/test", key=f"{KEY}2")

    assert answer.status_code == 409
    assert say("ja", "refusal.connection_unauthorized.why") in html.unescape(answer.text)


def test_keys_are_changed_and_those_left_empty_stay(shop: SmallClub, owner: Browser) -> None:
    known = connected(shop, owner)
    change = f"/owner/connections/{known.id}/change"
    form = {**FORM, "key": f"{KEY}2", "revision": "1", "secret": "", "place-kawabe": "L2"}

    assert owner.post(change, **form).status_code == 303
    assert owner.post(change, **{**form, "key": f"{KEY}3", "secret": "new"}).status_code == 409
    form = {**form, "key": f"{KEY}4", "revision": "2", "secret": "new"}
    # Sent twice it is the same, not somebody else's change.
    assert [owner.post(change, **form).status_code for _ in range(2)] == [303, 303]

    (now,) = every(shop)
    assert now.fields.places == {"L2": "kawabe"}
    login = login_of(shop.club.codes, now)
    assert login is not None
    assert login.secret == "new"


def test_it_is_stopped_begun_again_and_taken_away(shop: SmallClub, owner: Browser) -> None:
    known = connected(shop, owner)
    page = f"/owner/connections/{known.id}"

    for no, (step, is_on) in enumerate((("off", False), ("on", True))):
        assert owner.post(f"{page}/{step}", key=f"{KEY}{no + 2}").status_code == 303
        assert every(shop)[0].is_on is is_on
    # Tapped twice, and again by somebody whose page is a day old.
    for no in (5, 5, 6):
        assert owner.post(f"{page}/drop", key=f"{KEY}{no}").status_code == 303

    assert every(shop) == []
    with shop.work(key=shop.key()) as work:
        no_more = take_connection_step(work, known.id, "on")
    assert no_more is not None
    assert no_more.code == "connection_changed"


def test_one_that_was_stopped_meanwhile_is_not_asked_and_says_that_it_is(
    shop: SmallClub, owner: Browser, shopify: PlayedShop
) -> None:
    known = connected(shop, owner)
    owner.post(f"/owner/connections/{known.id}/off", key=f"{KEY}2")

    page = owner.post(f"/owner/connections/{known.id}/test", key=f"{KEY}3")

    assert "喫茶かよい" not in html.unescape(page.text)
    assert say("ja", "owner.connections.step.on") in html.unescape(page.text)
    assert shopify.webhooks == []


def test_what_is_connected_and_what_waits_lead_to_one_another(desks: Desks, owner: Browser) -> None:
    assert 'href="/owner/orders"' in text(owner, "/owner/connections").partition("<main")[2]
    assert 'href="/owner/connections"' in text(owner, "/owner/orders").partition("<main")[2]
    manager = desks.signed_in("manager", "manager", "ekimae")
    assert 'href="/owner/connections"' not in text(manager, "/owner/orders").partition("<main")[2]


def test_what_fails_stands_on_both_pages(shop: SmallClub, owner: Browser) -> None:
    known = connected(shop, owner)
    with shop.store.begin() as uow:
        connections.change(
            uow, known.id, failing_since=shop.now, failures=3, problem="unauthorized"
        )

    for path in ("/owner/connections", f"/owner/connections/{known.id}"):
        page = text(owner, path)
        assert say("ja", "owner.connections.problem.unauthorized") in page
        assert say("ja", "owner.connections.state.failing") in page


def test_a_page_asks_little_however_many_there_are(shop: SmallClub, owner: Browser) -> None:
    known = connected(shop, owner)
    with counting(shop.store) as asked:
        text(owner, f"/owner/connections/{known.id}")
        text(owner, "/owner/connections")
    assert asked.queries <= 30
