"""Addresses and forms of no honest browser: nothing is found, and nothing breaks."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

import pytest

from bot.clock import Clock
from bot.store.history.programs import publish
from handlers.club import Club
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, club_at
from tests.handlers.pages.conftest import CAFE
from tests.handlers.pages.staff.conftest import Desks

#: What a path can hold that no database can, and what only one of them can.
STRANGE = ("%00", "a%00b", "9223372036854775808", "9" * 40, "%EF%BF%BE", "x" * 3_000)


@pytest.fixture
def club(fresh_database: FreshDatabase) -> Iterator[Club]:
    """On each database: they choke on different things."""
    clock = Clock()
    with fresh_database() as url:
        club = club_at(url, clock, "http://127.0.0.1:9")
        with club.store.begin() as uow:
            publish(uow, CAFE, since=clock.now() - DAY)
        yield club
        club.store.close()


def test_an_address_that_names_nothing_is_not_found(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    for part in STRANGE:
        for path in ("members/{}", "members/{}/merge", "members/{}/card.png", "slips/{}"):
            assert boss.get("/staff/" + path.format(part)).status_code == 404, (path, part)
        assert boss.get(f"/staff/team/{part}").status_code == 404
        assert boss.post("/staff/cards/sheet.pdf", n=unquote(part)).status_code == 404
        for path in ("devices/{}/revoke", "flags/{}/seen", "slips/{}/cancel"):
            answer = boss.post("/staff/" + path.format(part))
            assert answer.status_code in (303, 404), (path, part)


def test_a_question_that_means_nothing_is_still_answered(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    for part in STRANGE:
        for path in ("members?found={}", "log?action={}", "log?store={}", "log?card={}"):
            assert boss.get("/staff/" + path.format(part)).status_code in (200, 404)
    for day in ("0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "9999-W52-7"):
        for bound in ("since", "until"):
            page = boss.get(f"/staff/log?{bound}={day}")
            assert page.status_code == 200
            # As if it had not been asked: what happened just now is there.
            assert "Boss" in page.text.partition("<tbody>")[2]


def test_what_is_nested_without_end_looks_for_nobody(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    headers = {"X-CSRFToken": boss.csrf, "Content-Type": "application/json"}
    answer = boss.client.post("/staff/api/members", data="[" * 100_000, headers=headers)
    assert (answer.status_code, answer.json) == (200, {"members": []})


@pytest.mark.parametrize("wanted", ["//[", "/staff//[x", "https://[", "/staff/%00"])
def test_where_to_go_on_may_be_no_address_at_all(desks: Desks, wanted: str) -> None:
    browser = desks.browser()
    assert browser.client.get("/staff/login", query_string={"next": wanted}).status_code == 200
    desks.hires("hana")
    answer = browser.logs_in("hana", next=wanted)
    assert answer.status_code == 303
    assert answer.location.startswith("/staff/")


def test_a_form_longer_than_any_is_not_even_read(desks: Desks) -> None:
    stranger = desks.browser()
    answer = stranger.client.post("/staff/login", data={"login": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text
    endless = stranger.client.post(
        "/staff/login",
        input_stream=BytesIO(b"login=" + b"x" * 2_000_000),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert endless.status_code == 413
