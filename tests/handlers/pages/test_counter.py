import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from bot.clock import Clock
from bot.codes import Codes, CounterHit
from bot.line.errors import LineUnavailable
from handlers.club import Club
from handlers.pages.counter import LINK_SECONDS, PURPOSE, counter_code, counter_path
from rules.wording.texts import say
from tests.chance import examples
from tests.handlers.pages.conftest import CAFE, browser_of, with_programme

NOON = datetime(2026, 11, 23, 3, 0, 20, tzinfo=UTC)


def silent() -> str:
    raise LineUnavailable


def ended(answer: TestResponse) -> bool:
    return answer.status_code == 404 and say("ja", "refusal.counter_over.why") in answer.text


def test_the_page_shows_shop_store_and_how_it_is_done_in_japanese_and_english(club: Club) -> None:
    answer = browser_of(club).get(counter_path(club, "kawabe"))
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
    page = browser_of(club).get(counter_path(club, "kawabe")).text
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
    path = counter_path(club, "ekimae")
    answer = browser_of(club).get(path + "code")
    assert answer.status_code == 200
    assert answer.json is not None
    assert set(answer.json) == {"text", "link", "svg", "left_ms", "good_ms"}
    assert answer.json["svg"].startswith("<svg")
    assert 0 < answer.json["left_ms"] <= 60_000 < answer.json["good_ms"]


def test_the_code_follows_the_clubs_time(club: Club) -> None:
    ahead = replace(club, clock=Clock(lambda: timedelta(days=60)))
    text = browser_of(ahead).get(counter_path(club, "ekimae") + "code").get_json()["text"]
    code = text.partition(" ")[2]
    assert isinstance(club.codes.check_counter(code, ["ekimae"], ahead.now(), 5), CounterHit)
    assert club.codes.check_counter(code, ["ekimae"], club.now(), 5) == "unknown"


def test_the_page_is_in_the_shops_colours(club: Club) -> None:
    path = counter_path(club, "ekimae")
    css = browser_of(club).get(path + "colours.css")
    assert css.mimetype == "text/css"
    assert "--back:#8A5A44;" in css.text
    # They overrule the colours of the page that says that a link has ended.
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', browser_of(club).get(path).text)
    assert styles == ["/staff/qr/static/counter.css", path + "colours.css"]


def test_scripts_and_styles_come_from_files_only_and_nothing_is_kept(club: Club) -> None:
    path = counter_path(club, "ekimae")
    for answer in (browser_of(club).get(path), browser_of(club).get(path + "code")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = browser_of(club).get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        with browser_of(club).get(asset) as file:
            assert file.status_code == 200


@pytest.mark.parametrize("part", ["", "code"])
def test_a_link_that_is_not_ours_leads_to_a_page_that_says_what_to_do(
    club: Club, part: str
) -> None:
    foreign = Codes("the secret of another installation, long enough")
    for token in (
        "x",
        "%00",
        "%F0%9F%8D%8E",
        "a" * 3_000,
        foreign.sign(PURPOSE, "ekimae"),
        club.codes.sign("other", "ekimae"),
        club.codes.sign(PURPOSE, "closed_store"),
        club.codes.sign(PURPOSE, ""),
    ):
        answer = browser_of(club).get(f"/staff/qr/{token}/{part}")
        assert answer.status_code == 404
        if not part:
            assert ended(answer)
            assert "flask --app app counter-link" in answer.text
            assert "Print a new link" in answer.text


def test_a_link_ends_after_half_a_year(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    path = counter_path(club, "ekimae")
    began = int(datetime.now(UTC).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: began + LINK_SECONDS - 60)
    assert browser_of(club).get(path).status_code == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: began + LINK_SECONDS + 60)
    assert ended(browser_of(club).get(path))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60), st.sampled_from(["", "code", "colours.css"]))
def test_no_address_breaks_the_page(club: Club, token: str, part: str) -> None:
    assert browser_of(club).get(f"/staff/qr/{quote(token, safe='')}/{part}").status_code in (
        308,
        404,
    )


def test_a_club_that_does_without_the_qr_says_so(club: Club) -> None:
    without = with_programme(club, CAFE.replace("counter_qr = true", "counter_qr = false"))
    answer = browser_of(without).get(counter_path(without, "ekimae"))
    assert answer.status_code == 404
    assert say("ja", "refusal.counter_off.staff.why") in answer.text
    assert browser_of(without).get(counter_path(without, "ekimae") + "code").status_code == 404


def test_while_line_does_not_answer_the_page_waits_and_says_so(club: Club) -> None:
    waiting = replace(club, bot_id=silent)
    page = browser_of(waiting).get(counter_path(club, "ekimae"))
    assert page.status_code == 200
    assert 'data-state="preparing"' in page.text
    assert 'href="https://line.me' not in page.text
    assert browser_of(waiting).get(counter_path(club, "ekimae") + "code").status_code == 503


def test_one_store_needs_no_name_of_its_own(club: Club) -> None:
    second = CAFE.index("[[stores]]", CAFE.index("[[stores]]") + 1)
    alone = CAFE[:second] + CAFE[CAFE.index("[visits]") :]
    page = browser_of(with_programme(club, alone)).get(counter_path(club, "ekimae")).text
    assert "通い路珈琲" in page
    assert "駅前店" not in page
