"""The card that moves, at its one lasting address."""

import re

from flask.testing import FlaskClient

from bot.codes import LiveCode
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA, comes_in, member_with, read


def test_the_card_shows_who_how_many_points_and_the_next_step(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    comes_in(cafe, browser, member_with(cafe, 1_234))
    page = browser.get("/card").text
    for words in (
        "さくらさん", "1,234", "メンバー", "はじめてのご来店をお待ちしています",
        "画面を明るくしてください",
    ):  # fmt: skip
        assert words in page


def test_the_cards_code_moves_and_says_who(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    codes = []
    for _ in range(2):
        codes.append(read(browser.get("/card/code").get_json()["svg"]))
        cafe.passes(seconds=30)
    assert codes[0] != codes[1]
    live = cafe.club.codes.open_live(codes[1], cafe.now)
    assert isinstance(live, LiveCode)
    assert (live.number, live.use) == (cafe.member(member_id).number, None)


def test_a_visit_shows_on_the_open_card(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    before = browser.get("/card/state").get_json()
    cafe.visits(member_id)
    after = browser.get("/card/state").get_json()
    assert (before["points"], after["points"]) == ("50", "70")


def test_the_kept_page_has_the_lasting_code_and_no_moving_one(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member = cafe.member(cafe.joins(SAKURA))
    comes_in(cafe, browser, member.id)
    [shown] = re.findall(r'<div id="qr" class="qr">(<svg.*?</svg>)', browser.get("/card/kept").text)
    assert read(shown) == cafe.club.codes.card_code(member.number, member.issue)
    moving, lasting = re.findall(r"<svg [^>]*>.*?</svg>", _codes(browser.get("/card").text))
    assert cafe.club.codes.open_live(read(moving), cafe.now) is not None
    assert lasting == shown


def _codes(page: str) -> str:
    """The page without the drawings that are no codes."""
    return re.sub(r'<svg (?:class="ring"|viewBox="0 0 24 24").*?</svg>', "", page, flags=re.DOTALL)


def test_the_cards_picture_is_saved_from_its_own_address(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    comes_in(cafe, browser, cafe.joins(SAKURA))
    with browser.get("/card/picture.jpg", follow_redirects=True) as answer:
        assert (answer.status_code, answer.content_type) == (200, "image/jpeg")


def test_leaving_the_browser_ends_the_session(cafe: SmallClub, browser: FlaskClient) -> None:
    comes_in(cafe, browser, cafe.joins(SAKURA))
    refused = browser.post("/card/sign-out", headers={"Accept": "text/html"})
    assert refused.status_code == 400
    assert "ページを開き直して" in refused.text
    page = browser.get("/card").text
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    assert browser.post("/card/sign-out", data={"csrf_token": token}).status_code == 303
    assert browser.get("/card").status_code == 401
