"""The card that moves, at its one lasting address."""

from flask.testing import FlaskClient

from bot.codes import LiveCode
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA, comes_in, member_with, read


def test_the_card_shows_who_how_many_points_and_the_next_step(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    comes_in(cafe, browser, member_with(cafe, 1_234))
    page = browser.get("/card").text
    for words in ("さくらさん", "1,234", "メンバー", "はじめてのご来店をお待ちしています"):
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
    assert (before["visits"], after["visits"]) == (0, 1)
    assert (before["points"], after["points"]) == ("50", "70")
    assert "ご来店ありがとうございます" in after["thanks"]
