"""Who isn't signed in yet is counted by where they are."""

import pytest
from flask import Flask

from handlers.pages import install
from handlers.pages.staff.frame.tries import address
from tests.handlers.pages.staff.conftest import Browser, Desks


def test_one_address_can_try_only_so_often(desks: Desks) -> None:
    answers = [desks.browser().logs_in("nobody", "no").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_each_door_is_counted_by_itself(desks: Desks) -> None:
    stranger = desks.browser()
    for _ in range(11):
        stranger.logs_in("nobody", "no")
    assert stranger.logs_in("nobody", "no").status_code == 429
    assert stranger.post("/staff/join/nothing").status_code == 404


def test_what_one_application_counted_is_nothing_to_another(desks: Desks) -> None:
    for _ in range(11):
        desks.browser().logs_in("nobody", "no")
    other = Flask(__name__, static_folder=None)
    install(other, desks.club)
    assert Browser(other.test_client()).logs_in("nobody", "no").status_code == 401
    assert desks.browser().logs_in("nobody", "no").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "told", "counted"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "whatever", "unknown"),
    ],
)
def test_tries_count_for_the_address_our_own_proxies_saw(
    desks: Desks, proxies: int, told: str, counted: str
) -> None:
    headers = {"X-Forwarded-For": told}
    environ = {"REMOTE_ADDR": "127.0.0.1"}
    with desks.app.test_request_context("/staff/login", headers=headers, environ_base=environ):
        assert address(proxies) == counted
