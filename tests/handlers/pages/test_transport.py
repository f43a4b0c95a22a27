"""Whom a request was meant for, and how browsers come back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handlers.club import Club
from handlers.pages import install
from tests.conftest import FreshDatabase
from tests.handlers.clubs import club_on


def browser_at(club: Club, *, hosts: tuple[str, ...] = ()) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    install(app, club, hosts=hosts)
    return app.test_client()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("club.example.jp", 200),
        ("club.example.jp:8443", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("tablet.shop.example", 200),
        ("shop.example", 200),
        ("old.example", 200),
        ("evil.example", 400),
        ("club.example.jp.evil.example", 400),
        ("sub.old.example", 400),
        ("", 400),
    ],
)
def test_who_asks_for_another_host_is_refused(club: Club, host: str, status: int) -> None:
    browser = browser_at(club, hosts=(".shop.example", "old.example"))
    answer = browser.get("/programme", headers={"Host": host})
    assert answer.status_code == status
    if status == 400:
        assert "ALLOWED_HOSTS" in answer.text


def test_who_watches_over_us_may_ask_by_any_address(club: Club) -> None:
    assert browser_at(club).get("/healthz", headers={"Host": "10.2.3.4:8000"}).status_code == 200


def test_browsers_come_back_over_https_alone(club: Club) -> None:
    answer = browser_at(club).get("/programme")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_redirects_name_no_scheme_and_no_host(club: Club) -> None:
    for path in ("/card/no-such-token", "/staff/"):
        answer = browser_at(club).get(path)
        assert answer.status_code in (302, 303, 308)
        assert answer.location.startswith("/")


def test_an_address_that_no_database_can_hold_is_not_found(fresh_database: FreshDatabase) -> None:
    with fresh_database() as url, club_on(url) as opened:
        browser = browser_at(opened.club)
        for path in ("/pr/{}", "/newsletter/{}", "/newsletter/{}/picture.jpg", "/card/{}/"):
            for part in ("%00", "a%00b"):
                assert browser.get(path.format(part)).status_code == 404, (path, part)
