import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from bot.clock import Clock
from bot.codes import Codes, CounterHit
from bot.line.errors import LineUnavailable
from handlers.club import Club
from handlers.pages.counter import (
    LINK_SECONDS,
    OPENING,
    PAGE_SECONDS,
    counter_code,
    opening_path,
)
from rules.wording.texts import say
from tests.chance import examples
from tests.handlers.pages.conftest import CAFE, browser_of, with_programme

NOON = datetime(2026, 11, 23, 3, 0, 20, tzinfo=UTC)


PAGE = "/staff/qr/now/"


def shown_by(club: Club, store: str = "ekimae") -> FlaskClient:
    """The browser in which the page of a store was opened."""
    browser = browser_of(club)
    answer = browser.get(opening_path(club, store))
    assert (answer.status_code, answer.location) == (303, PAGE)
    return browser


def silent() -> str:
    raise LineUnavailable


def ended(answer: TestResponse) -> bool:
    return answer.status_code == 404 and say("ja", "refusal.counter_over.why") in answer.text


def test_the_page_shows_shop_store_and_how_it_is_done_in_japanese_and_english(club: Club) -> None:
    answer = shown_by(club, "kawabe").get(PAGE)
    assert answer.status_code == 200
    shown = (
        "通い路珈琲",
        "川辺店",
        "QRでチェックイン",
        "Check in here",
        "ポイントがトークに届きます",
    )
    for words in shown:
        assert words in answer.text
    assert 'lang="ja"' in answer.text


def test_what_a_customer_would_send_is_a_code_of_this_store_now(club: Club) -> None:
    page = shown_by(club, "kawabe").get(PAGE).text
    [href] = re.findall(r'href="(https://line\.me/[^"]+)"', page)
    text = unquote(href.partition("/?")[2])
    assert href.startswith("https://line.me/R/oaMessage/%40123abcde/?")
    assert text.startswith("チェックイン ")
    assert f">{text}<" in page
    code = text.partition(" ")[2]
    found = club.codes.check_counter(code, ["ekimae", "kawabe"], club.now(), 5)
    assert isinstance(found, CounterHit)
    assert found.store == "kawabe"


def test_the_code_is_renewed_when_its_minute_is_over_and_off_the_screen_in_time(club: Club) -> None:
    programme = club.timeline().latest.programme
    shown = counter_code(club, programme, "ekimae", NOON)
    assert shown.left_ms == 40_000
    later = NOON + timedelta(milliseconds=shown.left_ms)
    assert counter_code(club, programme, "ekimae", later).text != shown.text
    assert counter_code(club, programme, "ekimae", later - timedelta(seconds=1)).text == shown.text
    minutes = programme.visits.counter_code_minutes
    gone = NOON + timedelta(milliseconds=shown.good_ms)
    code = shown.text.partition(" ")[2]
    sent = gone + timedelta(seconds=59)
    assert isinstance(club.codes.check_counter(code, ["ekimae"], sent, minutes), CounterHit)
    sent = gone + timedelta(seconds=61)
    assert club.codes.check_counter(code, ["ekimae"], sent, minutes) == "expired"


def test_the_page_asks_for_the_next_code_and_its_qr(club: Club) -> None:
    browser, path = shown_by(club), PAGE
    answer = browser.get(path + "code")
    assert answer.status_code == 200
    assert answer.json is not None
    assert set(answer.json) == {"text", "link", "svg", "left_ms", "good_ms"}
    assert answer.json["svg"].startswith("<svg")
    assert 0 < answer.json["left_ms"] <= 60_000 < answer.json["good_ms"]


def test_the_code_follows_the_clubs_time(club: Club) -> None:
    ahead = replace(club, clock=Clock(lambda: timedelta(days=60)))
    text = shown_by(ahead, "ekimae").get(PAGE + "code").get_json()["text"]
    code = text.partition(" ")[2]
    assert isinstance(club.codes.check_counter(code, ["ekimae"], ahead.now(), 5), CounterHit)
    assert club.codes.check_counter(code, ["ekimae"], club.now(), 5) == "unknown"


def test_the_page_is_in_the_shops_colours(club: Club) -> None:
    browser, path = shown_by(club), PAGE
    css = browser.get(path + "colours.css")
    assert css.mimetype == "text/css"
    assert "--back:#8A5A44;" in css.text
    # They overrule the colours of the page that says that a link has ended.
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', browser.get(path).text)
    assert styles == ["/staff/qr/static/counter.css", path + "colours.css"]


def test_scripts_and_styles_come_from_files_only_and_nothing_is_kept(club: Club) -> None:
    browser, path = shown_by(club), PAGE
    for answer in (browser.get(path), browser.get(path + "code")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = browser.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        with browser.get(asset) as file:
            assert file.status_code == 200


def test_a_link_that_is_not_ours_leads_to_a_page_that_says_what_to_do(club: Club) -> None:
    foreign = Codes("the secret of another installation, long enough")
    for token in (
        "x",
        "%F0%9F%8D%8E",
        "a" * 3_000,
        foreign.sign(OPENING, "ekimae x"),
        club.codes.sign("other", "ekimae x"),
        club.codes.sign(OPENING, "ekimae"),
        club.codes.sign(OPENING, ""),
    ):
        browser = browser_of(club)
        for path in (f"/staff/qr/open/{token}/", f"/staff/qr/{token}/", PAGE):
            answer = browser.get(path)
            assert ended(answer)
            assert "「QR」から開きなおして" in answer.text
            assert "flask" not in answer.text
            assert "open it anew" in answer.text
    gone = browser_of(club)
    gone.get(f"/staff/qr/open/{club.codes.sign(OPENING, 'closed_store x')}/")
    assert ended(gone.get(PAGE))


def test_the_address_alone_shows_nothing_and_gives_no_code(club: Club) -> None:
    link = opening_path(club, "kawabe")
    tablet, other = browser_of(club), browser_of(club)
    assert tablet.get(link).status_code == 303
    assert "川辺店" in tablet.get(PAGE).text
    assert tablet.get(PAGE + "code").status_code == 200
    # Whoever read or photographed either address.
    for path in (link, PAGE):
        assert ended(other.get(path))
    assert other.get(PAGE + "code").status_code == 404
    assert other.get(PAGE + "code").json == {"error": "ended"}
    # On the tablet the link may be tapped again.
    assert tablet.get(link).location == PAGE
    kept = tablet.get_cookie("__Host-kayoi_counter")
    assert kept is not None
    assert (kept.http_only, kept.secure, kept.same_site) == (True, True, "Lax")
    assert kept.value not in tablet.get(PAGE).text


def test_a_link_waits_a_day_to_be_opened(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    link = opening_path(club, "ekimae")
    began = int(datetime.now(UTC).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: began + LINK_SECONDS + 60)
    assert ended(browser_of(club).get(link))


def test_a_page_ends_after_half_a_year(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, path = shown_by(club), PAGE
    began = int(datetime.now(UTC).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: began + PAGE_SECONDS - 60)
    assert browser.get(path).status_code == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: began + PAGE_SECONDS + 60)
    assert ended(browser.get(path))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60), st.sampled_from(["", "code", "colours.css"]))
def test_no_address_breaks_the_page(club: Club, token: str, part: str) -> None:
    assert browser_of(club).get(f"/staff/qr/{quote(token, safe='')}/{part}").status_code in (
        308,
        404,
    )


def test_a_club_that_does_without_the_qr_says_so(club: Club) -> None:
    without = with_programme(club, CAFE.replace("counter_qr = true", "counter_qr = false"))
    answer = shown_by(without, "ekimae").get(PAGE)
    assert answer.status_code == 404
    assert say("ja", "refusal.counter_off.staff.why") in answer.text
    assert shown_by(without, "ekimae").get(PAGE + "code").status_code == 404


def test_while_line_does_not_answer_the_page_waits_and_says_so(club: Club) -> None:
    waiting = replace(club, bot_id=silent)
    page = shown_by(waiting, "ekimae").get(PAGE)
    assert page.status_code == 200
    assert 'data-state="preparing"' in page.text
    assert 'href="https://line.me' not in page.text
    assert shown_by(waiting, "ekimae").get(PAGE + "code").status_code == 503


def test_one_store_needs_no_name_of_its_own(club: Club) -> None:
    second = CAFE.index("[[stores]]", CAFE.index("[[stores]]") + 1)
    alone = CAFE[:second] + CAFE[CAFE.index("[visits]") :]
    page = shown_by(with_programme(club, alone)).get(PAGE).text
    assert "通い路珈琲" in page
    assert "駅前店" not in page
