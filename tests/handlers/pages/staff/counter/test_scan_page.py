"""The counter's page, what it asks for, and the way to the customers' QR."""

import json
import re

from tests.handlers.pages.staff.conftest import Desks


def test_the_session_tells_a_page_what_it_needs_without_network(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    told = browser.get("/staff/api/session").get_json()
    assert told["staff"]["name"] == "Hana"
    assert told["staff"]["role"] == "staff"
    assert (told["store"], told["device"], told["language"]) == ("ekimae", None, "ja")
    assert [len(key) for key in told["publicKeys"]] == [44]
    browser.csrf = told["csrf"]
    assert browser.post("/staff/language", language="en").status_code == 303
    assert browser.get("/staff/api/session").get_json()["language"] == "en"


def test_the_kept_page_names_nobody_and_holds_no_token(desks: Desks) -> None:
    desks.hires("hana")
    browser = desks.browser()
    browser.logs_in("hana")
    assert "Hana" in browser.get("/staff/").text

    for lang, words in (("ja", "オフラインで受け付けました"), ("en", "Taken offline")):
        shell = browser.client.get(f"/staff/shell/{lang}")
        assert "Hana" not in shell.text
        assert "csrf" not in shell.text
        assert f'lang="{lang}"' in shell.text
        assert words in json.loads(_words(shell.text))["offline.taken"]
    assert browser.client.get("/staff/shell/fr").status_code == 404


def test_who_is_signed_in_gets_to_the_qr_of_their_store(desks: Desks) -> None:
    desks.hires("hana", store="kawabe")
    browser = desks.browser()
    assert browser.get("/staff/qr").status_code == 303
    assert "login" in browser.get("/staff/qr").location

    browser.logs_in("hana")
    answer = browser.get("/staff/qr")
    assert answer.status_code == 303
    assert "川辺店" in browser.get(answer.location).text


def _words(page: str) -> str:
    found = re.search(r'<script type="application/json" id="words">(.+?)</script>', page)
    assert found
    return found[1]
