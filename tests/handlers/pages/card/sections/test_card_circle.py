"""The inner circle on the member's own page, without scripts."""

from flask.testing import FlaskClient

from tests.handlers.actions.events.test_circle import (
    ASKING,
    NO_CIRCLE,
    answers,
    invites,
    seat,
    state,
)
from tests.handlers.actions.events.trials_tried import tried
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.sections.conftest import is_in, read, sends


def test_a_seat_is_taken_and_given_back(cafe: SmallClub, browser: FlaskClient) -> None:
    me = is_in(cafe, browser)
    page = browser.get("/card/circle")
    assert "ひと足先に" in read(page)
    assert "/card/circle/answer" not in page.text, "nobody asked them"
    assert "ゴールドファンになると、こちらからお誘いします" in read(page)
    invites(cafe, me)
    page = browser.get("/card/circle")
    for _ in range(2):
        said = read(sends(browser, page.text, "/card/circle/answer", yes="1"))
        assert "ご参加ありがとうございます" in said
    found = seat(cafe, me)
    assert found is not None
    assert (found.state, found.via) == ("in", "card")
    asked = sends(browser, browser.get("/card/circle").text, "/card/circle/leave")
    assert "をやめますか" in read(asked)
    assert state(cafe, me) == "in"
    assert "退会を承りました" in read(sends(browser, asked.text, "/card/circle/leave"))
    assert state(cafe, me) == "left"


def test_the_perk_that_is_a_seat_leads_to_the_circle(cafe: SmallClub, browser: FlaskClient) -> None:
    cafe.publishes(ASKING)
    me = is_in(cafe, browser)
    cafe.visits(me)
    page = browser.get("/card/rewards")
    assert 'class="button quiet" href="/card/circle"' in page.text
    assert "「ご意見番の会」ご参加いただけます" in read(page)
    sends(browser, browser.get("/card/circle").text, "/card/circle/answer", yes="1")
    assert "「ご意見番の会」参加中です" in read(browser.get("/card/rewards"))
    cafe.publishes(NO_CIRCLE.replace("at = 3\n", "at = 1\n", 1))
    assert 'class="button quiet" href="/card/circle"' not in browser.get("/card/rewards").text


def test_a_shop_without_a_circle_leads_to_none(cafe: SmallClub, browser: FlaskClient) -> None:
    is_in(cafe, browser)
    assert "/card/circle" in browser.get("/card/points").text
    cafe.publishes(NO_CIRCLE)
    assert "/card/circle" not in browser.get("/card/points").text
    assert browser.get("/card/circle").status_code == 200


def test_what_is_voted_on_is_seen_where_one_votes(cafe: SmallClub, browser: FlaskClient) -> None:
    me = is_in(cafe, browser)
    invites(cafe, me)
    assert answers(cafe, me).done
    looks = f"up-{'0' * 24}"
    choices = [
        {"id": "a", "name": {"ja": "ブレンドA"}, "picture": f"{looks}.png"},
        {"id": "b", "name": {"ja": "ブレンドB"}},
    ]
    tried(cafe, choices=choices)
    page = browser.get("/card/circle").text
    assert page.count('class="photo choice"') == 1
    assert page.index(f'src="/photos/{looks}.jpg"') < page.index("ブレンドA")
    voted = sends(browser, page, "/card/circle/vote", choice="a")
    assert f'src="/photos/{looks}.jpg"' in voted.text
