"""What holds for all sections: whose they are, in which language, and what they cost."""

import re

import pytest
from flask.testing import FlaskClient

from bot.store.members import members
from handlers.actions.members.merge import MergeRequest, merge
from rules.base import LANGS, Lang
from tests.handlers.clubs import DESK, SmallClub
from tests.handlers.pages.card.sections.conftest import SECTIONS, form, is_in, read
from tests.journeys.counting import counting

FILES = ("/card/data/my-data.json", "/card/data/my-data.csv")
FORMS = (
    "/card/rewards/give", "/card/me/language", "/card/me/topics", "/card/me/sms",
    "/card/me/birthday", "/card/data/leave", "/card/data/erase",
)  # fmt: skip
#: Statements for who looks (number, row, account, name), and for what each shows: of rewards what
#: is left, good causes, codes of this card and those it took over, events that a perk leads to, the
#: circle's seat; of one's own data also the poster by which one came.
_WHO = 4
AT_MOST = {
    "/card/points": 1, "/card/rewards": 7, "/card/badges": 0, "/card/history": 6, "/card/me": 2,
    "/card/me/birthday": 0, "/card/data": 12, "/card/data/letters": 3, "/card/data/leave": 0,
    "/card/data/erase": 0,
}  # fmt: skip


def test_each_section_asks_the_database_little_however_much_there_is(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    for _ in range(40):
        cafe.visits(member_id)
        cafe.passes(days=1)
    cost = {}
    for path in SECTIONS:
        with counting(cafe.store) as counted:
            assert browser.get(path).status_code == 200
        cost[path] = len(counted.statements) - _WHO
    assert {path: n for path, n in cost.items() if n > AT_MOST[path]} == {}


@pytest.mark.parametrize("lang", LANGS)
def test_each_is_read_in_the_members_language_without_a_script(
    cafe: SmallClub, browser: FlaskClient, lang: Lang
) -> None:
    member_id = is_in(cafe, browser)
    cafe.visits(member_id)
    with cafe.store.begin() as uow:
        members.set_language(uow, member_id, lang)
    for path in SECTIONS:
        answer = browser.get(path)
        assert f'<html lang="{lang}">' in answer.text
        assert "<script" not in answer.text
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        ours = re.sub("日本語|言語|さくら|ポイントのため", "", read(answer))
        if lang == "en":
            named = re.sub(r"(?i)english|[ -~]", "", ours)
            assert not re.search(r"[ぁ-んァ-ン一-龯]", named), (path, named)


def test_nobody_sees_or_sends_anything_without_a_session_nor_by_its_cookie_alone(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    stranger = browser.application.test_client()
    for path in (*SECTIONS, *FILES):
        assert stranger.get(path).status_code == 401
    is_in(cafe, browser)
    for path in FORMS:
        assert stranger.post(path).status_code == 401
        assert browser.post(path).status_code == 400


def test_a_page_of_one_card_changes_nothing_of_another_of_the_family(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    mine = is_in(cafe, browser)
    childs = cafe.joins()
    with cafe.store.begin() as uow:
        members.set_line_account(uow, childs, cafe.member(mine).line_user_id)
    page, card = browser.get("/card/me").text, browser.get("/card").text
    wish = form(card, "/card/choose") | {"card": cafe.member(childs).number}
    assert browser.post("/card/choose", data=wish).status_code == 303
    assert browser.post("/card/me/topics", data=form(page, "/card/me/topics")).status_code == 400
    assert cafe.member(childs).topics_left == cafe.member(mine).topics_left == ()


def test_a_page_of_a_card_that_another_took_over_does_nothing_any_more(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    mine, other = is_in(cafe, browser), cafe.joins()
    page, asked = browser.get("/card/me").text, browser.get("/card/data/erase").text
    with cafe.work() as work:
        merging = MergeRequest(other, mine)
        assert merge(work.acting(DESK).under("staff:m"), merging).done
    before = cafe.history(other)
    for path, shown in (("/card/me/topics", page), ("/card/data/erase", asked)):
        assert browser.post(path, data=form(shown, path)).status_code == 401
    for path in SECTIONS:
        assert browser.get(path).status_code == 401
    assert cafe.history(other) == before
    assert cafe.member(other).topics_left == ()
