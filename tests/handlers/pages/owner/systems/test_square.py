"""Square among the owner's tills: two keys are typed, and it says itself what it signs with."""

import html
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.sellers.square import Square
from bot.store.orders import connections
from bot.store.orders.connections import SellerConnection
from handlers.actions.orders.hearing import login_of
from handlers.club import Club
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.square_shop import (
    APPLICATION,
    SIGNATURE_KEY,
    TOKEN,
    SquareServer,
    SquareShop,
    line,
    square_on_loopback,
)

KEY = "00000000-0000-4000-8000-00000000000"
NEW = "/owner/connections/new/square"
FORM = {
    "key": f"{KEY}1", "revision": "0", "account": APPLICATION, "token": TOKEN, "store": "ekimae",
    "since": "2026-01-05",
}  # fmt: skip


@pytest.fixture
def square() -> Iterator[SquareServer]:
    with square_on_loopback(SquareShop()) as played:
        yield played


@pytest.fixture
def club(shop: SmallClub, square: SquareServer) -> Club:
    sellers = {"square": Square(production=square.url)}
    shop.club = replace(shop.club, wall=shop.clock, sellers=sellers)
    return shop.club


@pytest.fixture
def owner(desks: Desks) -> Browser:
    return desks.signed_in("owner", "owner", None)


def known(shop: SmallClub) -> SellerConnection:
    with shop.store.read() as uow:
        (found,) = connections.every(uow)
    return found


def secret(shop: SmallClub) -> str:
    login = login_of(shop.club.codes, known(shop))
    assert login is not None
    return login.secret


def test_two_keys_are_asked_for_and_none_that_signs(owner: Browser) -> None:
    page = html.unescape(owner.get(NEW).text)
    for text in ("account", "token", "step_1", "step_5"):
        assert say("ja", f"owner.connections.square.{text}") in page
    assert 'name="secret"' not in page
    assert 'name="client"' not in page


def test_trying_it_tells_square_where_to_tell_us_and_keeps_what_it_signs_with(
    shop: SmallClub, square: SquareServer, owner: Browser
) -> None:
    assert owner.post(NEW, **FORM).status_code == 303
    assert secret(shop) == ""
    made = known(shop)

    for no in (2, 3):
        answer = owner.post(f"/owner/connections/{made.id}/test", key=f"{KEY}{no}")
        assert answer.status_code == 200
        assert "かよい珈琲" in answer.text
        assert SIGNATURE_KEY not in answer.text

    (subscription,) = square.subscriptions
    address = f"{shop.club.base_url}/orders/square/{made.id}"
    assert subscription["notification_url"] == address
    assert secret(shop) == SIGNATURE_KEY


def test_trying_it_lists_its_locations_with_the_ids_that_the_form_asks_for(
    shop: SmallClub, square: SquareServer, owner: Browser
) -> None:
    square.shop.location = "L-OMOTESANDO"
    square.shop.sells("O1", line("a", 100))
    owner.post(NEW, **FORM)

    page = owner.post(f"/owner/connections/{known(shop).id}/test", key=f"{KEY}2").text

    assert "店L-OMOTESANDO" in page
    assert "<code>L-OMOTESANDO</code>" in page


def test_without_a_token_or_with_no_applications_id_it_is_not_kept(
    shop: SmallClub, owner: Browser
) -> None:
    for no, wrong in enumerate(({"token": ""}, {"account": "EAAA-a-token"})):
        typed = FORM | {"key": f"{KEY}{no}"} | wrong
        assert owner.post(NEW, **typed).status_code == 422
    with shop.store.read() as uow:
        assert connections.every(uow) == []


def test_a_token_that_is_not_taken_is_said(
    shop: SmallClub, square: SquareServer, owner: Browser
) -> None:
    owner.post(NEW, **FORM | {"token": "revoked"})

    answer = owner.post(f"/owner/connections/{known(shop).id}/test", key=f"{KEY}4")

    assert answer.status_code == 409
    assert square.subscriptions == []
    assert secret(shop) == ""
