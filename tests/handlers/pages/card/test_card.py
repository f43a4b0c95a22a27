"""The member's own pages: what is the same for all of them."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote, urlsplit

from flask import url_for
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.codes import Codes
from bot.store.members import members
from handlers.showing.card_links import card_link, use_link
from images.qr import link_svg
from tests.chance import examples
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import COOKIE, comes_in, member_with, read, taps


def test_qr_codes_are_read_back_as_they_were_drawn() -> None:
    assert read(link_svg("HELLO", title="QR")) == "HELLO"


def test_pages_are_kept_nowhere_and_their_scripts_and_styles_are_files(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 200)
    comes_in(cafe, browser, member_id)
    for path in (taps(cafe, browser, member_id), "/card"):
        for part in ("", "code", "state"):
            answer = browser.get(f"{path.rstrip('/')}/{part}" if part else path)
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        page = browser.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
        assets = re.findall(r'<(?:link|script)[^>]+(?:src|href)="([^"]+)"', page)
        assert len(assets) == (6 if path == "/card" else 4)
        for asset in assets:
            with browser.get(unescape(asset)) as file:
                assert file.status_code == 200


def test_files_are_kept_as_long_as_they_are_as_they_are(browser: FlaskClient) -> None:
    with browser.application.test_request_context():
        paths = [url_for("card.static", filename="card.css"), url_for("card.colours")]
    for path in paths:
        with browser.get(path) as file:
            assert "immutable" in file.headers["Cache-Control"]
        with browser.get(path.partition("?")[0]) as file:
            assert file.headers["Cache-Control"] == "no-cache"


def test_a_link_for_one_thing_opens_no_other(cafe: SmallClub, browser: FlaskClient) -> None:
    member = cafe.member(member_with(cafe, 200))
    foreign = replace(cafe.club, codes=Codes("the secret of another installation, long enough"))
    tap = urlsplit(use_link(cafe.club, member, COOKIE)).path.split("/")[-2]
    card = urlsplit(card_link(cafe.club, member)).path.split("/")[-2]
    theirs = urlsplit(use_link(foreign, member, COOKIE)).path.split("/")[-2]
    for path in (f"use/{tap}", f"use/{card}", f"tap/{card}", f"tap/{theirs}", tap, theirs):
        assert browser.get(f"/card/{path}/").status_code == 404


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60), st.sampled_from(["", "use/", "tap/"]))
def test_no_address_breaks_a_page(browser: FlaskClient, token: str, kind: str) -> None:
    answer = browser.get(f"/card/{kind}{quote(token, safe='')}/")
    assert answer.status_code in (308, 404)


def test_a_member_reads_in_their_language(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = member_with(cafe, 200)
    with cafe.store.begin() as uow:
        members.set_language(uow, member_id, "en")
    page = browser.get(taps(cafe, browser, member_id)).text
    assert 'lang="en"' in page
    assert "A biscuit of the day" in page
    assert "150 points" in page
