"""A member's session at `/card`: how it begins, which card it shows, and what ends it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from bot.store.members import line_accounts, members
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.reissue import reissue
from handlers.showing.card_links import CARD_HOURS
from rules.characters import spaced_number
from rules.wording.texts import say
from tests.handlers.clubs import DESK, SmallClub
from tests.handlers.pages.card.conftest import SAKURA, card_path, comes_in, wall
from tests.handlers.pages.conftest import browser_of

_OTHER = "U" + "2" * 32


def token(browser: FlaskClient) -> str:
    """What the page's forms are sent with."""
    page = browser.get("/card").text
    return str(re.findall(r'name="csrf_token" value="([^"]+)"', page)[0])


def number(cafe: SmallClub, member_id: int) -> str:
    """As the card's page shows it."""
    return spaced_number(cafe.member(member_id).number)


def test_a_link_opens_the_card_once_and_the_address_keeps_opening_it(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = cafe.joins(SAKURA)
    path = card_path(cafe, member_id)
    assert cafe.member(member_id).number not in path
    assert SAKURA not in path
    assert browser.get(path).location == "/card"
    cookie = browser.get_cookie("__Host-kayoi_card") or browser.get_cookie("kayoi_card")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    wall(monkeypatch, timedelta(days=200))
    # It lasts a year from the last time it was used.
    assert "kayoi_card=" in browser.get("/card").headers["Set-Cookie"]
    wall(monkeypatch, timedelta(days=500))
    answer = browser.get("/card")
    assert answer.status_code == 200
    assert "さくらさん" in answer.text
    wall(monkeypatch, timedelta(days=500 + 366))
    assert browser.get("/card").status_code == 401


def test_a_link_of_this_morning_says_how_to_open_the_card(
    cafe: SmallClub, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = card_path(cafe, cafe.joins(SAKURA))
    wall(monkeypatch, timedelta(hours=CARD_HOURS, seconds=20))
    answer = browser.get(path)
    assert answer.status_code == 404
    assert say("ja", "refusal.card_link_over.then") in answer.text
    assert browser.get("/card").status_code == 401


def test_who_never_came_in_reads_in_both_languages_how_to(browser: FlaskClient) -> None:
    for cookie in ("", "made-up", "WyJ4Il0.x.y"):
        browser.set_cookie("kayoi_card", cookie)
        browser.set_cookie("__Host-kayoi_card", cookie)
        answer = browser.get("/card")
        assert answer.status_code == 401
        assert say("ja", "refusal.card_signed_out.then") in answer.text
        assert say("en", "refusal.card_signed_out.then") in answer.text
        asked = browser.get("/card/state", headers={"Accept": "application/json"})
        assert (asked.status_code, asked.get_json()) == (401, {"error": "card_signed_out"})


def _child(cafe: SmallClub) -> int:
    """A second card on the same LINE account."""
    member_id = cafe.joins()
    with cafe.store.begin() as uow:
        members.set_line_account(uow, member_id, SAKURA)
    return member_id


def _leaves(cafe: SmallClub, member_id: int) -> None:
    with cafe.work() as work:
        assert change_membership(work.under("x"), member_id, "left", at=work.now).done


def _is_erased(cafe: SmallClub, member_id: int) -> None:
    with cafe.work() as work:
        assert erase(work.under("x"), member_id).done


def _is_issued_anew(cafe: SmallClub, member_id: int) -> None:
    with cafe.work() as work:
        assert reissue(work.acting(DESK).under("x"), member_id).refused is None


def _is_moved(cafe: SmallClub, member_id: int) -> None:
    cafe.joins(_OTHER)
    with cafe.store.begin() as uow:
        members.set_line_account(uow, member_id, _OTHER)
        line_accounts.link(uow, SAKURA, None)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (_leaves, "left"),
        (_is_erased, "card_over"),
        (_is_issued_anew, "card_over"),
        (_is_moved, "card_over"),
    ],
)
def test_a_session_ends_with_its_card(
    cafe: SmallClub, browser: FlaskClient, happens: Callable[[SmallClub, int], None], said: str
) -> None:
    member_id = cafe.joins(SAKURA)
    old = card_path(cafe, member_id)
    comes_in(cafe, browser, member_id)
    assert browser.get("/card").status_code == 200
    happens(cafe, member_id)
    answer = browser.get("/card")
    assert answer.status_code == 401
    assert say("ja", f"refusal.{said}.why") in answer.text
    for part in ("code", "state"):
        asked = browser.get(f"/card/{part}", headers={"Accept": "application/json"})
        assert asked.get_json() == {"error": said}
    # A link of before begins no other one.
    assert browser_of(cafe.club).get(old, follow_redirects=True).status_code in (401, 404)


def test_a_parent_chooses_which_of_the_familys_cards_is_shown(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    mine, childs = cafe.joins(SAKURA), _child(cafe)
    stranger = cafe.joins(_OTHER)
    comes_in(cafe, browser, mine)
    page = browser.get("/card").text
    assert number(cafe, mine) in page
    child = {"card": cafe.member(childs).number}
    assert f'value="{child["card"]}"' in page
    assert cafe.member(stranger).number not in page
    # Without the page's own word nothing is changed, nor to a card of somebody else.
    assert browser.post("/card/choose", data=child).status_code == 400
    theirs = {"card": cafe.member(stranger).number, "csrf_token": token(browser)}
    assert browser.post("/card/choose", data=theirs, follow_redirects=True).status_code == 200
    assert number(cafe, mine) in browser.get("/card").text
    before = token(browser)
    shown = browser.post("/card/choose", data=child | {"csrf_token": before}, follow_redirects=True)
    assert number(cafe, childs) in shown.text
    # A page that was open for the other card doesn't change this one.
    assert browser.post("/card/choose", data=child | {"csrf_token": before}).status_code == 400
    assert number(cafe, childs) in browser.get("/card").text


def test_a_card_issued_anew_is_not_let_in_by_way_of_another_of_the_family(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    mine, childs = cafe.joins(SAKURA), _child(cafe)
    comes_in(cafe, browser, mine)
    _is_issued_anew(cafe, childs)
    wish = {"card": cafe.member(childs).number, "csrf_token": token(browser)}
    assert browser.post("/card/choose", data=wish, follow_redirects=True).status_code == 401


def test_nor_by_way_of_the_telephones_own_browser(cafe: SmallClub, browser: FlaskClient) -> None:
    mine, childs = cafe.joins(SAKURA), _child(cafe)
    comes_in(cafe, browser, mine)
    _is_issued_anew(cafe, childs)
    for page, leads_to in (("/card", "/card"), ("/card/data", "/card/data")):
        found = browser.get(page, headers={"User-Agent": "x Line/15.1.0"}).text
        [link] = re.findall(
            rf'href="{cafe.club.base_url}(/card/[^"]*openExternalBrowser[^"]*)"', found
        )
        # What it says is what the session says, and no more is read in it than in the chat's.
        for told in (SAKURA, cafe.member(mine).number, cafe.member(childs).number):
            assert told not in link
        outside = browser_of(cafe.club)
        assert outside.get(unescape(link)).location == leads_to
        assert number(cafe, mine) in outside.get("/card").text
        wish = {"card": cafe.member(childs).number, "csrf_token": token(outside)}
        assert outside.post("/card/choose", data=wish, follow_redirects=True).status_code == 401
