"""The page of who somebody is: birthday, language, and what they want to be sent."""

from flask.testing import FlaskClient

from bot.store.members import consents, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
from rules.facts import Birthday
from rules.sending.policy import TOPICS
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.sections.conftest import form, is_in, read, sends
from tests.rules.examples import CAFE, changed

_TOPICS, _BIRTHDAY = "/card/me/topics", "/card/me/birthday"


def test_a_topic_is_turned_off_and_on_again(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    page = browser.get("/card/me").text
    assert page.count('aria-checked="true"') == len(TOPICS)
    for _ in range(2):
        # The first form is of points. Sent twice it stays off.
        off = sends(browser, page, _TOPICS)
        assert cafe.member(member_id).topics_left == ("points",)
        cafe.passes(minutes=1)
    assert "お知らせの設定を変えました" in read(off)
    sends(browser, off.text, _TOPICS)
    assert cafe.member(member_id).topics_left == ()


def test_everything_is_stopped_at_once_sms_too_and_taken_up_again(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        agree_to_sms(work, member_id, SmsConsent(work.now, "line", "SMSで送ります"))
    cafe.passes(minutes=1)
    page = browser.get("/card/me").text
    assert "SMSを止める" in page
    token = form(page, _TOPICS)["csrf_token"]
    none = browser.post(_TOPICS, data={"csrf_token": token, "on": "0"}, follow_redirects=True)
    assert set(cafe.member(member_id).topics_left) == set(TOPICS)
    with cafe.store.read() as uow:
        assert consents.stopped_sms(uow, member_id)
    assert "すべて受け取る" in read(none)
    cafe.passes(minutes=1)
    browser.post(_TOPICS, data={"csrf_token": token, "on": "1"})
    assert cafe.member(member_id).topics_left == ()


def test_sms_alone_is_stopped(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        agree_to_sms(work, member_id, SmsConsent(work.now, "line", "SMSで送ります"))
    cafe.passes(minutes=1)
    stopped = sends(browser, browser.get("/card/me").text, "/card/me/sms")
    assert "SMSの配信を停止しました" in read(stopped)
    with cafe.store.read() as uow:
        assert consents.stopped_sms(uow, member_id)
    assert cafe.member(member_id).topics_left == ()


def test_the_language_of_all_pages_is_chosen(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    chosen = sends(browser, browser.get("/card/me").text, "/card/me/language", to="en")
    assert 'lang="en"' in chosen.text
    assert "From now on we speak English with you." in read(chosen)
    assert cafe.member(member_id).language == "en"
    sends(browser, chosen.text, "/card/me/language", to="xx")
    assert cafe.member(member_id).language == "en"


def test_a_birthday_is_shown_back_then_kept_and_what_it_brings_comes_once(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    page = browser.get(_BIRTHDAY).text
    asked = sends(browser, page, _BIRTHDAY, year="1990", month="5", day="12")
    assert "1990年5月12日" in read(asked)
    assert cafe.member(member_id).facts.birthday is None
    for _ in range(2):
        said = read(sends(browser, asked.text, _BIRTHDAY))
        assert cafe.member(member_id).facts.birthday == Birthday(5, 12, 1990)
        assert cafe.balance(member_id) == 80
    assert "1990年5月12日" in said
    # A page of before, for another day: one change is the member's own, the next is the staff's.
    for day, kept in (("13", "13"), ("14", "13")):
        cafe.passes(minutes=1)
        asked = sends(browser, page, _BIRTHDAY, month="5", day=day)
        if day == "13":
            sends(browser, asked.text, _BIRTHDAY)
        born = cafe.member(member_id).facts.birthday
        assert born is not None
        assert str(born.day) == kept
    assert "お誕生日の変更は、レジで承ります" in read(asked)
    assert browser.get(_BIRTHDAY).status_code == 303
    assert "レジのスタッフに" in read(browser.get("/card/me"))


def test_a_childs_guardian_is_asked_and_what_they_agreed_to_is_kept(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    page = browser.get(_BIRTHDAY).text
    asked = sends(browser, page, _BIRTHDAY, year="2015", month="5", day="12")
    assert "16歳未満の方のご登録には" in read(asked)
    again = sends(browser, asked.text, _BIRTHDAY)
    assert cafe.member(member_id).facts.birthday is None
    sends(browser, again.text, _BIRTHDAY, guardian="1")
    assert cafe.member(member_id).facts.birthday == Birthday(5, 12, 2015)
    with cafe.store.read() as uow:
        [agreed] = [each for each in consents.of(uow, member_id) if each.kind == "guardian"]
    assert (agreed.channel, "16歳未満" in agreed.wording) == ("card", True)


def test_a_day_that_there_is_not_is_told_and_nothing_kept(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    page = browser.get(_BIRTHDAY).text
    for filled in (
        {"month": "2", "day": "30"},
        {"month": "2", "day": "29", "year": "2023"},
        {"month": "", "day": ""},
        {"month": "x", "day": "9" * 50, "year": "\0"},
        {"month": "1", "day": "1", "year": "2999"},
    ):
        said = read(sends(browser, page, _BIRTHDAY, **filled))
        assert "よろしいですか" not in said
        assert cafe.member(member_id).facts.birthday is None


def test_the_newsletter_is_asked_for_on_its_own_and_stops_with_everything(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    letter = '[newsletter]\nname = { ja = "通い路だより" }\nabout = { ja = "月に1回です。" }\n'
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{letter}[[campaigns]]", 1))
    member_id = is_in(cafe, browser)
    page = browser.get("/card/me").text
    assert "お申し込みの方だけにお届けします" in page
    token = form(page, _TOPICS)["csrf_token"]

    def asks(**data: str) -> bool:
        cafe.passes(minutes=1)
        browser.post(_TOPICS, data={"csrf_token": token, **data})
        with cafe.store.read() as uow:
            return consents.wants_newsletter(uow, member_id)

    assert not asks(on="1")
    assert asks(topic="newsletter", on="1")
    assert cafe.member(member_id).topics_left == ()
    assert not asks(on="0")
    assert not asks(on="1")


def test_what_the_shop_asks_is_shown_with_why_and_what_telling_it_brings(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    steps = """
[[profile.steps]]
id = "kana"
purpose = { ja = "お呼びするため", en = "To call you" }

[[profile.steps]]
id = "birthday"
purpose = { ja = "お祝いのため", en = "To celebrate" }
"""
    cafe.publishes(changed(CAFE, ("[fan_steps] ", f"{steps}\n[fan_steps] ")))
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        profiles.put(work.uow, member_id, Profile(kana="イシイ ハルカ"), at=work.now)
    said = read(browser.get("/card/me"))
    assert "お呼びするため イシイ ハルカ" in said
    assert "お祝いのため 未登録" in said
