from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot.store.members import consents, members
from handlers.actions.members.card_numbers import stop_name
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone, agree_to_sms, stop_sms
from handlers.club import Club
from tests.handlers.pages.conftest import browser_of


@pytest.fixture
def browser(club: Club) -> FlaskClient:
    return browser_of(club)


PHONE, NEXT_PHONE = "+819012345678", "+819000000001"


def _member(club: Club, *, agrees: bool, key: str = "j", phone: str = PHONE) -> members.Member:
    with club.work() as work:
        joining = JoinRequest(club.now(), "ja", "ポイントのため", source="counter")
        found = members.lock(work.uow, join(work.acting("member").under(key), joining).member_id)
        if agrees:
            agree_by_phone(work, found.id, phone, SmsConsent(work.now, "counter", "SMSを送ります"))
        return found


def _agrees(club: Club, member: members.Member) -> bool:
    with club.store.read() as uow:
        return consents.sms_agreed_at(uow, member.id) is not None


def test_one_tap_stops_the_sms_and_looking_does_not(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    with club.store.begin() as uow:
        name = stop_name(uow, member.id)
        assert stop_name(uow, member.id) == name
    path = club.sms_stop_link(name, PHONE).removeprefix(club.base_url)
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
    code = club.codes.sms_stop_code(member.number, PHONE)
    forged = [member.number + "00000000", code[:-1], code + "0", "x", "１２３", code[::-1]]
    for wrong in forged:
        answer = browser.post(f"/s/{wrong}")
        assert answer.status_code == 404
        assert "確認できません" in answer.text
    assert _agrees(club, member)


def test_a_link_stops_no_telephone_but_the_one_it_was_sent_to(
    club: Club, browser: FlaskClient
) -> None:
    member = _member(club, agrees=True)
    kept = f"/s/{club.codes.sms_stop_code(member.number, PHONE)}"
    with club.work() as work:
        agree_by_phone(work, member.id, NEXT_PHONE, SmsConsent(work.now, "line", "SMSを送ります"))
    # Who has the old number now, or kept an old SMS, has no say over the new one.
    for ask in (browser.get, browser.post):
        assert ask(kept).status_code == 404
    assert _agrees(club, member)
    browser.post(f"/s/{club.codes.sms_stop_code(member.number, NEXT_PHONE)}")
    assert not _agrees(club, member)


def test_one_tap_is_enough_for_a_telephone_with_two_cards(club: Club, browser: FlaskClient) -> None:
    mother, child = _member(club, agrees=True), _member(club, agrees=True, key="k")
    other = _member(club, agrees=True, key="l", phone=NEXT_PHONE)
    path = f"/s/{club.codes.sms_stop_code(child.number, PHONE)}"
    browser.post(path)
    assert [_agrees(club, each) for each in (mother, child, other)] == [False, False, True]
    assert "停止しました" in browser.get(path).text


def test_a_link_to_a_card_that_was_merged_still_stops_them(
    club: Club, browser: FlaskClient
) -> None:
    old, new = _member(club, agrees=True), _member(club, agrees=True, key="k")
    with club.work() as work:
        merge(work.acting("member").under("m"), MergeRequest(new.id, old.id))
    browser.post(f"/s/{club.codes.sms_stop_code(old.number, PHONE)}")
    assert not _agrees(club, new)


def test_looking_by_any_means_stops_nothing(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    path = f"/s/{club.codes.sms_stop_code(member.number, PHONE)}"
    assert [browser.get(path).status_code, browser.head(path).status_code] == [200, 200]
    assert browser.put(path).status_code == 405
    assert _agrees(club, member)


def test_the_page_is_private_and_names_the_sender(club: Club, browser: FlaskClient) -> None:
    member = _member(club, agrees=True)
    page = browser.get(f"/s/{club.codes.sms_stop_code(member.number, PHONE)}")
    assert "通い路珈琲合同会社" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_agreeing_again_after_stopping_counts(club: Club) -> None:
    member = _member(club, agrees=True)
    later = club.now() + timedelta(days=1)
    with club.work() as work:
        assert stop_sms(work.moment(later), member.id, channel="sms")
        assert not stop_sms(work.moment(later), member.id, channel="sms")
        assert consents.sms_agreed_at(work.uow, member.id) is None
        again = later + timedelta(days=1)
        agree_to_sms(
            work.moment(again),
            member.id,
            SmsConsent(work.moment(again).now, "line", "SMSを送ります"),
        )
        assert consents.sms_agreed_at(work.uow, member.id) == again
        assert [c.kind for c in consents.of(work.uow, member.id)] == [
            "purpose", "sms", "sms_stopped", "sms",
        ]  # fmt: skip
