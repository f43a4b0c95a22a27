"""Rewards selected on the card, and the one scan that counts the visit and hands them out."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handlers.actions.counter.scan import ScanOutcome
from handlers.showing.card_links import selection_token
from tests.handlers.actions.counter.test_redeem import promised
from tests.handlers.actions.counters import KEN, scans
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import (
    COOKIE,
    SAKURA,
    comes_in,
    member_with,
    read,
    wall,
)
from tests.rules.examples import CAFE, changed
from tests.rules.programme.test_card import JAN


def selects(browser: FlaskClient, *uses: str) -> str:
    """Where the form leads that selects these."""
    [token, *_] = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/card").text)
    answer = browser.post("/card/select", data={"csrf_token": token, "use": list(uses)})
    assert answer.status_code == 303
    return str(answer.location)


def offered(page: TestResponse) -> list[str]:
    return re.findall(r'name="use" value="([^"]+)"', page.text)


def code_of(browser: FlaskClient, path: str) -> str:
    """What the open page's code says now."""
    url = re.findall(r'data-code-url="([^"]+)"', browser.get(path).text)[0]
    return read(browser.get(url).get_json()["svg"])


def mark_of(browser: FlaskClient, path: str) -> tuple[str, str]:
    """How the page was drawn, and how it would be now."""
    page = browser.get(path).text
    [drawn] = re.findall(r'data-selected="([^"]*)"', page)
    [url] = re.findall(r'data-state-url="([^"]+)"', page)
    return drawn, browser.get(url).get_json()["selected"]


def refused(scanned: ScanOutcome) -> list[tuple[str | None, str | None]]:
    return [(each.reward, each.outcome.refused) for each in scanned.selected]


def test_only_what_can_be_used_now_is_offered(cafe: SmallClub, browser: FlaskClient) -> None:
    member = member_with(cafe, 160)
    promised(cafe, member)
    comes_in(cafe, browser, member)
    # Not what costs more, what another rank has, or what is given away.
    assert offered(browser.get("/card")) == ["welcome_back/1", "off_100/0", "cookie/0"]
    # A page that was kept on the phone asks for what it is now, and keeps nothing of before.
    cafe.visits(member)
    kept = browser.get("/card/select")
    assert offered(kept) == offered(browser.get("/card"))
    assert "no-store" in kept.headers["Cache-Control"]
    other = cafe.joins("U" + "2" * 32)
    comes_in(cafe, browser, other)
    page = browser.get("/card")
    assert offered(page) == []
    assert "いっしょに使う" not in page.text


def test_the_selection_goes_with_the_code_and_one_scan_does_it_all(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member = member_with(cafe, 300)
    comes_in(cafe, browser, member)
    path = selects(browser, "cookie/0", "off_100/0")
    page = browser.get(path).text
    assert "QRコードに入っている特典" in page
    assert "本日の焼き菓子" in page
    # The first HTML has the code, and it moves on with the selection in it.
    [svg] = re.findall(r'<div id="qr" class="qr">(.*?)</div>', page, re.DOTALL)
    first = read(svg)
    cafe.passes(seconds=30)
    moved = code_of(browser, path)
    assert moved != first
    assert mark_of(browser, path) == ("ready waiting waiting",) * 2
    scanned = scans(cafe, moved)
    assert scanned.result == "checked_in"
    assert refused(scanned) == [("cookie", None), ("off_100", None)]
    assert mark_of(browser, path) == ("done handed handed",) * 2
    assert "にお渡ししました" in browser.get(path).text
    # Loaded again, or open on another telephone, the page shows the card alone.
    live = cafe.club.codes.open_live(code_of(browser, path), cafe.now)
    assert live
    assert live.selection is None
    # A copy of the code hands out nothing more.
    assert refused(scans(cafe, first, desk=KEN)) == [
        ("cookie", "use_again"), ("off_100", "use_again"),
    ]  # fmt: skip


def test_a_part_that_was_refused_stays_in_the_code_and_says_what_was_handed_out(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member = member_with(cafe, 300)
    comes_in(cafe, browser, member)
    path = selects(browser, "cookie/0", "off_100/0")
    cafe.publishes(changed(CAFE, ("cost = 150\n", "cost = 300\n")))
    assert refused(scans(cafe, code_of(browser, path))) == [
        ("cookie", None), ("off_100", "reward_points"),
    ]  # fmt: skip
    assert mark_of(browser, path)[0] == "ready handed waiting"


def test_what_is_selected_is_checked_and_told(cafe: SmallClub, browser: FlaskClient) -> None:
    member = member_with(cafe, 240)
    comes_in(cafe, browser, member)
    assert selects(browser) == "/card"
    for uses, words in (
        (("cookie/0", "off_100/0"), "ポイントが足りません。"),
        (("cookie/0", "off_500/0"), "いまはお使いいただけない特典がありました。"),
        (("trial_blend/0",), "いまはお使いいただけない特典がありました。"),
        (("cookie/9",), "いまはお使いいただけない特典がありました。"),
        (("../x",), "いまはお使いいただけない特典がありました。"),
        (tuple(f"r{n}/0" for n in range(6)), "一度に使えるのは5つまでです。"),
    ):
        path = selects(browser, *uses)
        assert words in browser.get(path).text
    assert "problem" not in browser.get("/card?problem=<script>").text
    assert browser.post("/card/select", data={"use": "cookie/0"}).status_code == 400


def test_a_selection_is_over_after_a_quarter_of_an_hour(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = member_with(cafe, 300)
    comes_in(cafe, browser, member)
    path = selects(browser, "cookie/0")
    wall(monkeypatch, timedelta(minutes=16))
    assert "お選びになってから時間がたちました" in browser.get(path).text
    live = cafe.club.codes.open_live(code_of(browser, path), cafe.now)
    assert live
    assert live.selection is None
    wall(monkeypatch, timedelta(days=2))
    assert offered(browser.get(path))


def test_the_selection_of_another_card_is_none(cafe: SmallClub, browser: FlaskClient) -> None:
    mine, other = member_with(cafe, 300), cafe.joins("U" + "2" * 32)
    token = selection_token(cafe.club, cafe.member(other), [COOKIE])
    comes_in(cafe, browser, mine)
    for given in (token, "x", ""):
        page = browser.get(f"/card?uses={given}")
        assert "QRコードに入っている特典" not in page.text
        live = cafe.club.codes.open_live(code_of(browser, f"/card?uses={given}"), cafe.now)
        assert live
        assert live.selection is None


def test_the_cards_barcode_stands_below_its_qr(cafe: SmallClub, browser: FlaskClient) -> None:
    member = cafe.joins(SAKURA)
    comes_in(cafe, browser, member)
    assert 'class="bars"' not in browser.get("/card").text
    cafe.publishes(changed(CAFE, ("\n[points]", JAN)))
    page = browser.get("/card").text
    number = cafe.member(member).number
    assert f"21 {number[:3]} {number[3:6]} {number[6:]} " in page
    assert "preserveAspectRatio" in page
