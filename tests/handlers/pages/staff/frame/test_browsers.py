"""Where somebody signed in before, and where they haven't: what strangers can't spoil, and what is
told."""

from datetime import timedelta

import pytest

from handlers.actions.staff.signing import FREE_TRIES
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks

TOLD = say("ja", "staff.sign_in.new.title")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


def _signs_out(browser: Browser) -> None:
    browser.get("/staff/account")
    browser.post("/staff/logout")


@pytest.mark.parametrize("proxied", [False, True])
def test_a_strangers_wrong_tries_keep_nobody_out_of_their_own_browser(
    desks: Desks, proxied: bool
) -> None:
    boss = desks.signed_in("boss", "owner", None)
    _signs_out(boss)
    stranger = desks.browser("127.0.0.1" if proxied else "198.51.100.9")
    if proxied:
        boss.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.5"
        stranger.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.9"
    for _ in range(10):
        assert stranger.logs_in("boss", "no").status_code in (401, 429)
        desks.wall.ahead += timedelta(seconds=1 if proxied else 30)
    assert desks.browser("192.0.2.1").logs_in("boss").status_code == 401
    assert boss.logs_in("boss").status_code == 303
    # What they try there counts there.
    _signs_out(boss)
    for _ in range(FREE_TRIES + 1):
        boss.logs_in("boss", "no")
    assert boss.logs_in("boss").status_code == 401
    # And in no way for the others, who wait for theirs.
    assert desks.person("boss").failed > FREE_TRIES


def test_a_browser_is_known_to_who_signed_in_there_alone(desks: Desks) -> None:
    hana = desks.signed_in("hana")
    desks.hires("boss", "owner", None)
    _signs_out(hana)
    for _ in range(FREE_TRIES + 1):
        hana.logs_in("boss", "no")
    assert desks.person("boss").failed == FREE_TRIES + 1


def test_a_new_browser_is_told_in_those_of_before_and_known_by_their_word(desks: Desks) -> None:
    old = desks.signed_in("hana")
    assert TOLD not in old.get("/staff/account").text
    thief = desks.browser()
    thief.client.environ_base["HTTP_USER_AGENT"] = IPHONE
    thief.logs_in("hana")
    for path in ("/staff/", "/staff/more", "/staff/account"):
        page = old.get(path).text
        assert TOLD in page, path
        assert "iPhone · Safari" in page
    # Who came last says nothing for themselves.
    assert TOLD not in thief.get("/staff/account").text
    assert thief.post("/staff/account/browsers", next="//evil.example").location == "/staff/"
    assert TOLD in old.get("/staff/account").text
    assert old.post("/staff/account/browsers", next="/staff/more").location == "/staff/more"
    assert TOLD not in old.get("/staff/account").text
    assert desks.logged()[-1].details == {"browser": "iPhone · Safari"}
    # Both are known now.
    for browser in (old, thief):
        _signs_out(browser)
        browser.logs_in("hana")
    assert TOLD not in old.get("/staff/account").text


def test_a_registered_device_is_told_by_its_name(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    device = desks.device(name="レジ横")
    device.get("/staff/login?password=")
    device.post("/staff/login", login="boss", password=PASSWORD)
    assert "レジ横" in boss.get("/staff/more").text.partition(TOLD)[2]
