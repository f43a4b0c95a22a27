"""The card that moves."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot.codes import LiveCode
from handlers.showing.card_links import CARD_HOURS
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA, card_path, member_with, read, wall


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
