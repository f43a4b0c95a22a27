"""The member's own pages: a reward about to be used, and the card that moves."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
import zxingcpp
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from PIL import Image

from bot.codes import Codes, LiveCode, RewardUse
from bot.store.members import members
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.counter.redeem import Handover, redeem_at_counter
from handlers.actions.recording.record import Request, record
from handlers.showing.card_links import CARD_HOURS, TAP_HOURS, USE_MINUTES, card_link, use_link
from images.qr import link_svg
from rules.activity import Adjustment
from rules.wording.texts import say
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, DESK, SmallClub, club_on
from tests.handlers.pages.conftest import browser_of
from tests.rules.examples import CAFE, changed

COOKIE = RewardUse("cookie")
SAKURA = "U" + "1" * 32


@pytest.fixture
def cafe(fresh_sqlite: FreshDatabase) -> Iterator[SmallClub]:
    with fresh_sqlite() as url, club_on(url) as opened:
        yield opened


@pytest.fixture
def browser(cafe: SmallClub) -> FlaskClient:
    return browser_of(cafe.club)


def member_with(cafe: SmallClub, points: int) -> int:
    member_id = cafe.joins(SAKURA)
    with cafe.work() as work:
        what = Adjustment(points - 50)
        record(work.acting("staff").under(cafe.key()), Request(member_id, what, work.now))
    return member_id


def taps(cafe: SmallClub, browser: FlaskClient, member_id: int, use: RewardUse = COOKIE) -> str:
    """The path of the page that a tap on 「使う」 opens."""
    link = urlsplit(use_link(cafe.club, cafe.member(member_id), use))
    assert f"{link.scheme}://{link.netloc}" == cafe.club.base_url
    answer = browser.get(link.path)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def card_path(cafe: SmallClub, member_id: int) -> str:
    return urlsplit(card_link(cafe.club, cafe.member(member_id))).path


def read(svg: str) -> str:
    """What the QR in `svg` says: drawn anew from its modules, and read."""
    [path] = re.findall(r'<path [^>]*stroke="#000"[^>]* d="([^"]+)"', svg)
    [side] = re.findall(r'viewBox="0 0 (\d+) \d+"', svg)
    image = Image.new("L", (int(side), int(side)), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([MmhHv])([-\d. ]+)", path):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        elif command == "h":
            for step in range(int(values[0])):
                image.putpixel((int(x) + step, int(y)), 0)
            x += values[0]
    [found] = zxingcpp.read_barcodes(image.resize((int(side) * 6,) * 2, Image.Resampling.NEAREST))
    return str(found.text)


def scanned(cafe: SmallClub, svg: str) -> Handover:
    live = cafe.club.codes.open_live(read(svg), cafe.now)
    assert isinstance(live, LiveCode)
    with cafe.work() as work:
        done = redeem_at_counter(work.acting(DESK), live)
    assert isinstance(done, Handover)
    return done


def state(browser: FlaskClient, path: str) -> str:
    return str(browser.get(f"{path}state").get_json()["state"])


def test_qr_codes_are_read_back_as_they_were_drawn() -> None:
    assert read(link_svg("HELLO", title="QR")) == "HELLO"


# ── A reward about to be used ────────────────────────────────────────────────────────────────────


def test_the_page_shows_the_reward_whose_it_is_and_a_code_that_counts(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 200)
    page = browser.get(taps(cafe, browser, member_id))
    assert page.status_code == 200
    for words in ("通い路珈琲", "本日の焼き菓子", "さくらさん", "150ポイント"):
        assert words in page.text
    [svg] = re.findall(r'<div id="qr" class="qr">(<svg.*?</svg>)', page.text, re.DOTALL)
    live = cafe.club.codes.open_live(read(svg), cafe.now)
    assert isinstance(live, LiveCode)
    assert (live.number, live.use) == (cafe.member(member_id).number, COOKIE)


def test_the_code_changes_and_stays_the_same_use(cafe: SmallClub, browser: FlaskClient) -> None:
    path = taps(cafe, browser, member_with(cafe, 200))
    first = browser.get(f"{path}code").get_json()["svg"]
    cafe.passes(seconds=30)
    then = browser.get(f"{path}code").get_json()["svg"]
    codes = [cafe.club.codes.open_live(read(svg), cafe.now) for svg in (first, then)]
    assert first != then
    assert isinstance(codes[0], LiveCode)
    assert isinstance(codes[1], LiveCode)
    assert codes[0].nonce == codes[1].nonce
    assert (codes[0].age, codes[1].age) == (timedelta(seconds=30), timedelta(0))


def test_when_staff_have_scanned_it_the_page_says_thank_you_with_time_and_store(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    path = taps(cafe, browser, member_with(cafe, 200))
    assert state(browser, path) == "ready"
    scanned(cafe, browser.get(f"{path}code").get_json()["svg"])
    said = browser.get(f"{path}state").get_json()
    assert said == {
        "state": "used",
        "title": "ご利用ありがとうございました",
        "body": "12:00に駅前店でお使いになりました。",
        "note": "残り 50ポイント",
    }
    assert browser.get(f"{path}code").status_code == 404
    page = browser.get(path).text
    assert "ご利用ありがとうございました" in page
    assert "<svg" not in page.split('id="qr"')[1].split("</div>")[0]


def test_each_tap_opens_a_page_of_its_own(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = member_with(cafe, 400)
    first, second = taps(cafe, browser, member_id), taps(cafe, browser, member_id)
    assert first != second
    scanned(cafe, browser.get(f"{first}code").get_json()["svg"])
    assert (state(browser, first), state(browser, second)) == ("used", "ready")


def test_a_use_that_was_undone_says_so_and_its_code_is_gone(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 200)
    path = taps(cafe, browser, member_id)
    svg = browser.get(f"{path}code").get_json()["svg"]
    scanned(cafe, svg)
    live = cafe.club.codes.open_live(read(svg), cafe.now)
    assert isinstance(live, LiveCode)
    assert cafe.undoes(member_id, f"use:{live.nonce}").done
    assert cafe.balance(member_id) == 200
    assert state(browser, path) == "cancelled"
    assert "もう一度「使う」" in browser.get(path).text


def test_a_voucher_shows_its_last_day_and_is_refused_when_it_is_used(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = cafe.joins(SAKURA)
    with cafe.work() as work:
        promise = Promise("lapsed", (work.now + 9 * DAY).date(), "welcome_back")
        offer(work.under("o"), member_id, promise, at=work.now)
    cafe.visits(member_id, at=cafe.passes(minutes=1))
    use = RewardUse("welcome_back", 1)
    path, other = taps(cafe, browser, member_id, use), taps(cafe, browser, member_id, use)
    assert "1月18日まで" in browser.get(path).text
    scanned(cafe, browser.get(f"{path}code").get_json()["svg"])
    assert (state(browser, path), state(browser, other)) == ("used", "refused")
    assert "一覧でご覧ください" in browser.get(other).text


def test_what_is_missing_is_said_and_once_it_is_there_the_code_comes(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 145)
    path = taps(cafe, browser, member_id)
    said = browser.get(f"{path}state").get_json()
    assert (said["state"], said["title"]) == ("refused", "いまはお使いいただけません")
    assert "ポイントがまだ足りません" in said["body"]
    assert browser.get(f"{path}code").status_code == 404
    cafe.visits(member_id)
    assert state(browser, path) == "ready"


def test_a_reward_that_is_all_gone_says_so(cafe: SmallClub, browser: FlaskClient) -> None:
    cafe.publishes(changed(CAFE, ("cost = 150\n", "cost = 150\nstock = 1\n")))
    member_id = member_with(cafe, 400)
    first, second = taps(cafe, browser, member_id), taps(cafe, browser, member_id)
    scanned(cafe, browser.get(f"{first}code").get_json()["svg"])
    assert "なくなりました" in browser.get(f"{second}state").get_json()["body"]


def wall(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """The wall clock that signatures go by, so much later."""
    moment = int((datetime.now(UTC) + later).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: moment)


def test_a_page_ends_after_a_quarter_of_an_hour_and_says_what_to_do(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = taps(cafe, browser, member_with(cafe, 200))
    wall(monkeypatch, timedelta(minutes=USE_MINUTES, seconds=-20))
    assert state(browser, path) == "ready"
    wall(monkeypatch, timedelta(minutes=USE_MINUTES, seconds=20))
    assert state(browser, path) == "ended"
    assert browser.get(f"{path}code").status_code == 404
    page = browser.get(path)
    assert page.status_code == 404
    assert say("ja", "refusal.use_over.then") in page.text
    assert say("en", "refusal.use_over.then") in unescape(page.text)


def test_what_was_used_is_still_told_after_the_page_has_ended(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = taps(cafe, browser, member_with(cafe, 200))
    scanned(cafe, browser.get(f"{path}code").get_json()["svg"])
    wall(monkeypatch, timedelta(hours=2))
    assert state(browser, path) == "used"


def test_a_button_of_long_ago_opens_nothing(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = urlsplit(use_link(cafe.club, cafe.member(member_with(cafe, 200)), COOKIE)).path
    wall(monkeypatch, timedelta(hours=TAP_HOURS, seconds=20))
    answer = browser.get(link)
    assert answer.status_code == 404
    assert say("ja", "refusal.use_over.then") in answer.text


def test_a_card_that_was_replaced_opens_nothing(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = member_with(cafe, 200)
    use, card = taps(cafe, browser, member_id), card_path(cafe, member_id)
    with cafe.store.begin() as uow:
        members.set_issue(uow, member_id, 2)
    for path in (use, card):
        assert browser.get(path).status_code == 404
        assert browser.get(f"{path}code").status_code == 404


# ── The card ─────────────────────────────────────────────────────────────────────────────────────


def test_the_card_shows_who_how_many_points_and_the_next_step(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 1_234)
    page = browser.get(card_path(cafe, member_id)).text
    for words in ("さくらさん", "1,234", "メンバー", "はじめてのご来店をお待ちしています"):
        assert words in page


def test_the_cards_code_moves_and_says_who(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = cafe.joins(SAKURA)
    path = card_path(cafe, member_id)
    codes = []
    for _ in range(2):
        codes.append(read(browser.get(f"{path}code").get_json()["svg"]))
        cafe.passes(seconds=30)
    assert codes[0] != codes[1]
    live = cafe.club.codes.open_live(codes[1], cafe.now)
    assert isinstance(live, LiveCode)
    assert (live.number, live.use) == (cafe.member(member_id).number, None)


def test_a_visit_shows_on_the_open_card(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = cafe.joins(SAKURA)
    path = card_path(cafe, member_id)
    before = browser.get(f"{path}state").get_json()
    cafe.visits(member_id)
    after = browser.get(f"{path}state").get_json()
    assert (before["visits"], after["visits"]) == (0, 1)
    assert (before["points"], after["points"]) == ("50", "70")
    assert "ご来店ありがとうございます" in after["thanks"]


def test_a_cards_link_ends_and_says_how_to_open_it_again(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = card_path(cafe, cafe.joins(SAKURA))
    wall(monkeypatch, timedelta(hours=CARD_HOURS, seconds=20))
    answer = browser.get(path)
    assert answer.status_code == 404
    assert say("ja", "refusal.card_over.then") in answer.text


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────


def test_pages_are_kept_nowhere_and_their_scripts_and_styles_are_files(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 200)
    for path in (taps(cafe, browser, member_id), card_path(cafe, member_id)):
        for answer in (browser.get(path), browser.get(f"{path}code"), browser.get(f"{path}state")):
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        page = browser.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
        assets = re.findall(r'<(?:link|script)[^>]+(?:src|href)="([^"]+)"', page)
        assert len(assets) == 4
        for asset in assets:
            with browser.get(asset) as file:
                assert file.status_code == 200


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
