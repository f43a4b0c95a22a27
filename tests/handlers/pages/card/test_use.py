"""A reward about to be used: its page, its code, and what became of it."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from bot.codes import LiveCode, RewardUse
from bot.store.members import members
from handlers.actions.calendar.offer import Promise, offer
from handlers.showing.card_links import TAP_HOURS, USE_MINUTES, use_link
from rules.wording.texts import say
from tests.handlers.clubs import DAY, SmallClub
from tests.handlers.pages.card.conftest import (
    COOKIE,
    SAKURA,
    card_path,
    member_with,
    read,
    scanned,
    state,
    taps,
    wall,
)
from tests.rules.examples import CAFE, changed


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


def test_the_page_says_what_the_reward_is_and_its_conditions(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 500)
    with cafe.club.store.read() as uow:
        member = members.get(uow, member_id)
    assert member is not None
    for reward, said in {
        "shipping": ("送料が無料になります", "3,000円以上のお買い物で"),
        "off_100": ("レジで100円お値引きします。",),
    }.items():
        link = use_link(cafe.club, member, RewardUse(reward))
        page = browser.get(urlsplit(link).path, follow_redirects=True).text
        shown = re.findall(r'<p class="small">(.+?)</p>', page)
        assert tuple(shown) == said


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
