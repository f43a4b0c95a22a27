import io

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot.store import members
from handlers.actions.join import Joining, join
from handlers.actions.membership import erase
from handlers.club import Club
from handlers.pages.pictures import pictures_blueprint, readable
from rules.base import Lang
from tests.handlers.pages.conftest import CAFE, with_programme


def browser(club: Club) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(pictures_blueprint(club))
    return app.test_client()


def number_of_new_member(club: Club, language: Lang = "ja") -> str:
    now = club.now()
    with club.store.begin() as uow:
        joining = Joining("test:1:join", now, language, "ポイントのため")
        outcome = join(uow, club.timeline(), joining, now=now)
        member = members.get(uow, outcome.member_id)
    assert member is not None
    return member.number


def test_the_picture_of_a_card_holds_the_members_code(club: Club) -> None:
    number = number_of_new_member(club)
    answer = browser(club).get(club.codes.card_picture_path(number))
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    picture = Image.open(io.BytesIO(answer.data))
    assert max(picture.size) <= 1_024
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert club.codes.read_card(found.text) == number


def test_a_picture_is_kept_long_and_asked_for_by_its_etag(club: Club) -> None:
    path = club.codes.card_picture_path(number_of_new_member(club))
    first = browser(club).get(path)
    assert first.cache_control.max_age == 30 * 24 * 3600
    again = browser(club).get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = browser(club).get(path, headers={"If-None-Match": '"another"'})
    assert other.data == first.data


def test_the_address_stays_and_the_picture_follows_the_programme(club: Club) -> None:
    path = club.codes.card_picture_path(number_of_new_member(club))
    first = browser(club).get(path)
    renamed = with_programme(club, CAFE.replace('ja = "通い路珈琲"', 'ja = "かよい路"'))
    second = browser(renamed).get(path)
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]


def test_english_speakers_get_an_english_card(club: Club) -> None:
    number = number_of_new_member(club, "en")
    english = browser(club).get(club.codes.card_picture_path(number)).data
    with club.store.begin() as uow:
        member_id = members.by_code(uow, "number", number)
        assert member_id is not None
        members.set_language(uow, member_id, "ja")
    assert browser(club).get(club.codes.card_picture_path(number)).data != english


@pytest.mark.parametrize("token", ["x", "1", "1abc", "%00", "%F0%9F%8D%8E", "a" * 3_000, "..%2fx"])
def test_an_address_that_is_not_ours_leads_nowhere(club: Club, token: str) -> None:
    assert browser(club).get(f"/images/card/{token}.png").status_code == 404


def test_a_changed_address_and_an_unknown_number_lead_nowhere(club: Club) -> None:
    number = number_of_new_member(club)
    path = club.codes.card_picture_path(number)
    place = path.index(".png") - 5
    forged = path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]
    assert browser(club).get(forged).status_code == 404
    unknown = browser(club).get(club.codes.card_picture_path("0000000000"))
    assert unknown.status_code == 404
    assert unknown.headers["Cache-Control"] == "no-store"


def test_who_was_erased_has_no_picture_any_more(club: Club) -> None:
    number = number_of_new_member(club)
    path = club.codes.card_picture_path(number)
    assert browser(club).get(path).status_code == 200
    now = club.now()
    with club.store.begin() as uow:
        member_id = members.by_code(uow, "number", number)
        assert member_id is not None
        erase(uow, club.timeline(), member_id, key="test:1:erase", by="member", now=now)
    assert browser(club).get(path).status_code == 404


def test_a_number_is_written_in_groups() -> None:
    assert readable("4820117736") == "482 011 7736"
