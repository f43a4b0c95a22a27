"""The page on which members tell about themselves."""

import re

import pytest
from flask.testing import FlaskClient

from bot.store.members import consents, profiles
from bot.store.members.profiles import Profile
from handlers.jobs.delivery.sms import SmsDelivery
from rules.profile.steps import wording_mark
from tests.handlers.chat.conversations.test_old_card import Telephones
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import comes_in
from tests.handlers.pages.card.sections.conftest import form, is_in
from tests.handlers.profiles import ASKING, CONSENT

PAGE = "/card/me/profile"


@pytest.fixture
def asking(cafe: SmallClub) -> SmallClub:
    cafe.publishes(ASKING)
    return cafe


@pytest.fixture
def telephones(asking: SmallClub) -> Telephones:
    door = Telephones()
    object.__setattr__(asking.club, "sms", door)
    return door


def known(club: SmallClub, member_id: int) -> Profile:
    with club.store.read() as uow:
        return profiles.get(uow, member_id)


def tells(browser: FlaskClient, page: str, **filled: str | list[str]) -> str:
    """Sends the form as it stands on the page, filled in; what the page says then."""
    data = {**form(page, PAGE), **filled}
    answer = browser.post(PAGE, data=data, follow_redirects=True)
    assert answer.status_code in (200, 400)
    return answer.text


def test_a_form_tells_several_steps_at_once_and_counts_once(
    asking: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(asking, browser)
    before = asking.balance(member_id)
    assert PAGE in browser.get("/card/me").text
    page = browser.get(PAGE).text
    assert "6項目のうち0項目" in page
    assert CONSENT in page
    filled: dict[str, str | list[str]] = {
        "name": "山田花子",
        "kana": "やまだはなこ",
        "interests": ["back"],
        "agree_interests": wording_mark(CONSENT),
        "postcode": "1500002",
        "address": "東京都渋谷区渋谷1-2-3",
    }
    for _ in range(2):
        said = tells(browser, page, **filled)
    assert "登録しました" in said
    assert "6項目のうち4項目" in said
    assert asking.balance(member_id) == before + 12
    assert known(asking, member_id) == Profile(
        "山田花子", "ヤマダハナコ", interests="back", postcode="1500002",
        address="東京都渋谷区渋谷1-2-3",
    )  # fmt: skip
    assert asking.differences(member_id) == []
    with asking.store.read() as uow:
        [agreed] = [each for each in consents.of(uow, member_id) if each.kind == "step_interests"]
    assert (agreed.channel, agreed.wording) == ("card", CONSENT)
    # What is emptied is taken away, the consent with it; what wasn't touched stays.
    asking.passes(minutes=1)
    page = browser.get(PAGE).text
    filled = {"name": "山田花子", "kana": "", "postcode": "1500002"}
    tells(browser, page, **filled, address="東京都渋谷区渋谷1-2-3")
    left = known(asking, member_id)
    assert (left.name, left.kana, left.interests, left.postcode) == ("山田花子", "", "", "1500002")
    assert CONSENT in browser.get(PAGE).text
    assert asking.balance(member_id) == before + 12


def test_what_cannot_be_noted_stands_there_as_typed_and_nothing_is_kept(
    asking: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(asking, browser)
    page = browser.get(PAGE).text
    said = tells(browser, page, name="山田花子", postcode="15", address='渋谷区"><script>')
    assert "郵便番号を読み取れません" in said
    assert 'value="山田花子"' in said
    assert "<script>" not in said
    # Each answer comes with a form of its own: what was refused isn't answered once more.
    said = tells(browser, said, interests=["back"])
    assert "同意をいただいていない" in said
    assert "選べません" in tells(browser, said, age_band="' OR 1")
    assert known(asking, member_id) == Profile()
    assert browser.post(PAGE, data={"name": "山田花子"}).status_code == 400


def test_a_telephone_is_proven_on_the_page(
    asking: SmallClub, browser: FlaskClient, telephones: Telephones
) -> None:
    member_id = is_in(asking, browser)
    before = asking.balance(member_id)
    page = browser.get(PAGE).text
    assert "米国" in page

    def sends(path: str, page: str, **filled: str) -> str:
        data = form(page, path) | filled
        answer = browser.post(path, data=data, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    assert "SMSの届かない" in sends("/card/me/phone", page, phone="03-1234-5678")
    page = browser.get(PAGE).text
    for _ in range(2):
        page = sends("/card/me/phone", page, phone="090-1234-5678")
    assert "090-1234-5678" in page
    SmsDelivery(asking.club).deliver_due()
    [(to, text)] = telephones.came
    assert to == "+819012345678"
    [code] = re.findall(r"\d{6}", text)
    wrong = sends("/card/me/phone/code", page, code=f"{(int(code) + 1) % 10**6:06}")
    assert "ちがっています" in wrong
    done = sends("/card/me/phone/code", wrong, code=f"{code[:3]} {code[3:]}")
    assert "（確認済み）" in done
    assert asking.balance(member_id) == before + 20
    asking.passes(minutes=1)
    sends("/card/me/phone/gone", done)
    assert known(asking, member_id).phone == ""


def test_where_nothing_is_asked_there_is_no_page(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    assert PAGE not in browser.get("/card/me").text
    assert browser.get(PAGE).status_code == 303
    token = {"csrf_token": form(browser.get("/card/me").text, "/card/me/language")["csrf_token"]}
    for path in ("", "/../phone", "/../phone/code", "/../phone/gone"):
        sent = browser.post(f"/card/me/profile{path}".replace("profile/../", ""), data=token)
        assert sent.status_code == 303
    assert known(cafe, member_id) == Profile()
    comes_in(cafe, browser, member_id)


def ticked(page: str, step: str) -> dict[str, str]:
    """The tick by which the page's reader agrees."""
    [mark] = re.findall(rf'name="agree_{step}" value="([^"]+)"', page)
    return {f"agree_{step}": mark}


def test_nobody_agrees_to_other_words_than_their_page_showed(
    asking: SmallClub, browser: FlaskClient, telephones: Telephones
) -> None:
    wants = ASKING.replace('id = "phone"\n', f'id = "phone"\nconsent = {{ ja = "{CONSENT}" }}\n', 1)
    asking.publishes(wants)
    member_id, other = is_in(asking, browser), f"{CONSENT}本社にも渡します。"
    page = browser.get(PAGE).text
    asking.passes(minutes=1)
    asking.publishes(wants.replace(CONSENT, other))
    said = tells(browser, page, interests=["back"], name="山田花子", **ticked(page, "interests"))
    assert "同意をいただいていない" in said
    assert other in said
    assert 'value="山田花子"' in said
    number = form(page, "/card/me/phone") | ticked(page, "phone") | {"phone": "090-1234-5678"}
    refused = browser.post("/card/me/phone", data=number, follow_redirects=True).text
    assert "同意をいただいていない" in refused
    assert known(asking, member_id) == Profile()
    tells(browser, said, interests=["back"], name="山田花子", **ticked(said, "interests"))
    number = form(refused, "/card/me/phone") | ticked(refused, "phone") | {"phone": "090-1234-5678"}
    assert (
        "お送りしました" in browser.post("/card/me/phone", data=number, follow_redirects=True).text
    )
    with asking.store.read() as uow:
        said_yes = {each.kind: each.wording for each in consents.of(uow, member_id)}
    assert (said_yes["step_interests"], said_yes["step_phone"]) == (other, other)
    assert known(asking, member_id).interests == "back"
