"""Where one can go from any page, and what one chooses for oneself there."""

import re

from bot import VERSION
from tests.handlers.pages.staff.conftest import Desks


def test_more_leads_out_and_to_the_other_language(desks: Desks) -> None:
    desks.hires("hana")
    browser = desks.browser()
    browser.logs_in("hana")
    page = browser.get("/staff/more").text

    assert "/staff/logout" in page
    assert "English" in page
    assert f"Kayoi {VERSION}" in page


def test_the_owner_finds_their_console_before_all_else(desks: Desks) -> None:
    page = desks.signed_in("boss", "owner", None).get("/staff/more").text
    rows = re.findall(r'href="(/(?:owner|staff)/[^"]*)"', page[page.index("<main") :])
    assert rows[0] == "/owner/"


def test_who_may_work_anywhere_says_where_they_are(desks: Desks) -> None:
    boss, hana = desks.signed_in("boss", "owner", None), desks.signed_in("hana")
    for browser, store, then in (
        (boss, "kawabe", "kawabe"),
        (boss, "nowhere", "kawabe"),
        (hana, "kawabe", "ekimae"),
    ):
        assert browser.post("/staff/store", store=store).status_code == 303
        assert browser.get("/staff/api/session").get_json()["store"] == then
