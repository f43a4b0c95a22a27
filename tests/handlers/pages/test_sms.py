from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.store import consents, members
from handlers.actions.join import Joining, join
from handlers.actions.sms_consent import agree_to_sms, stop_sms
from handlers.club import Club
from handlers.pages.sms import sms_blueprint


@pytest.fixture
def browser(club: Club) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(sms_blueprint(club))
    return app.test_client()


def _member(club: Club, *, agrees: bool) -> members.Member:
    with club.store.begin() as uow:
        joining = Joining("j", club.now(), "ja", "ポイントのため", source="counter")
        found = members.lock(uow, join(uow, club.timeline(), joining, now=club.now()).member_id)
        if agrees:
            agree_to_sms(uow, found.id, channel="counter", wording="SMSを送ります", now=club.now())
        return found


def _agrees(club: Club, member: members.Member) -> bool:
    with club.store.read() as uow:
        return consents.sms_agreed_at(uow, member.id) is not None


def test_one_tap_stops_the_sms_and_looking_does_not(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    path = club.sms_stop_link(member.number).removeprefix(club.base_url)
    asked = browser.get(path)
    assert "停止しますか" in asked.text
    assert "<button" in asked.text
    assert _agrees(club, member)
    done = browser.post(path)
    assert done.status_code == 200
    assert "停止しました" in done.text
    assert not _agrees(club, member)
    assert "<button" not in browser.get(path).text
    assert browser.post(path).status_code == 200


def test_nobody_stops_somebody_elses(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    code = club.codes.sms_stop_code(member.number)
    forged = [member.number + "00000000", code[:-1], code + "0", "x", "１２３", code[::-1]]
    for wrong in forged:
        answer = browser.post(f"/s/{wrong}")
        assert answer.status_code == 404
        assert "確認できません" in answer.text
    assert _agrees(club, member)


def test_the_page_is_private_and_names_the_sender(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    page = browser.get(f"/s/{club.codes.sms_stop_code(member.number)}")
    assert "通い路珈琲合同会社" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_agreeing_again_after_stopping_counts(club: Club) -> None:
    member = _member(club, agrees=True)
    later = club.now() + timedelta(days=1)
    with club.store.begin() as uow:
        assert stop_sms(uow, member.id, channel="sms", now=later)
        assert not stop_sms(uow, member.id, channel="sms", now=later)
        assert consents.sms_agreed_at(uow, member.id) is None
        again = later + timedelta(days=1)
        agree_to_sms(uow, member.id, channel="line", wording="SMSを送ります", now=again)
        assert consents.sms_agreed_at(uow, member.id) == again
        assert [c.kind for c in consents.of(uow, member.id)] == [
            "purpose", "sms", "sms_stopped", "sms",
        ]  # fmt: skip
