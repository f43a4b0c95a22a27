"""Staff fill in on a member's page what stands on their paper; who may see what of it."""

from datetime import timedelta

import pytest

from bot.store.history import programs
from bot.store.members import consents, profiles
from bot.store.members.profiles import Profile
from handlers.jobs.night.audit import audit_member
from rules.profile.steps import wording_mark
from tests.handlers.profiles import ASKING, CONSENT

from ..conftest import Browser, Desks
from .test_members import KEY, card, sends, somebody


@pytest.fixture
def asking(desks: Desks) -> Desks:
    publishes(desks, ASKING)
    return desks


def publishes(desks: Desks, programme: str) -> None:
    """In force since before anything that happens here."""
    with desks.club.store.begin() as uow:
        programs.publish(uow, programme, since=desks.club.now() - timedelta(hours=1))
    desks.club.programmes.forget()


def known(desks: Desks, number: str) -> Profile:
    with desks.club.store.read() as uow:
        return profiles.get(uow, card(desks, number).id)


def tells(browser: Browser, number: str, n: int, **fields: str | list[str]) -> str:
    """Sends the form of what stands on paper; gives the page it leads to."""
    data = {"csrf_token": browser.csrf, "key": KEY.format(n), **fields}
    path = browser.address(f"/staff/members/{number}/told")
    answer = browser.client.post(path, data=data)
    assert answer.status_code == 303
    return browser.get(answer.location).text


def test_what_stands_on_paper_is_told_and_earns_once(asking: Desks, staff: Browser) -> None:
    number = somebody(asking, "U1")
    before = card(asking, number).facts.balance
    page = staff.get(f"/staff/members/{number}").text
    assert CONSENT in page
    assert "用紙で同意" in page
    said = tells(staff, number, 1, was_interests="", interests=["back"])
    assert "同意をいただいていない" in said
    assert known(asking, number).interests == ""
    fields: dict[str, str | list[str]] = {
        "was_interests": "",
        "interests": ["back", "sauna"],
        "agree_interests": wording_mark(CONSENT),
    }
    for n in (2, 2, 3):
        tells(staff, number, n, **fields, was_age_band="", age_band="over_30")
    assert "保存しました" in tells(
        staff, number, 4, postcode="150-0002", address="東京都渋谷区渋谷1-2-3", was_address=""
    )
    sends(staff, f"/staff/members/{number}/profile", 5, name="石井遥", phone="090-1234-5678")
    assert known(asking, number) == Profile(
        "石井遥", "", "+819012345678", "", "over_30",
        interests="back sauna", postcode="1500002", address="東京都渋谷区渋谷1-2-3",
    )  # fmt: skip
    # Interests 5, name 7, telephone 20; without its reading the profile isn't whole.
    assert card(asking, number).facts.balance == before + 32
    sends(staff, f"/staff/members/{number}/profile", 6, name="石井遥", kana="イシイハルカ")
    assert card(asking, number).facts.balance == before + 62
    mine, club = card(asking, number).id, asking.club
    with club.store.read() as uow:
        assert audit_member(uow, club.timeline(), club.foresight(), mine) == []
        [agreed] = [each for each in consents.of(uow, mine) if each.kind == "step_interests"]
    assert (agreed.channel, agreed.wording) == ("counter", CONSENT)


def test_wrong_answers_are_told_and_nothing_of_the_form_is_kept(
    asking: Desks, staff: Browser
) -> None:
    number = somebody(asking, "U1")
    staff.get(f"/staff/members/{number}")
    said = tells(
        staff, number, 1, was_age_band="", age_band="over_30",
        postcode="150", address="渋谷区", was_address="",
    )  # fmt: skip
    assert "郵便番号を読み取れません" in said
    assert "選べません" in tells(staff, number, 2, was_age_band="", age_band="<b>")
    assert known(asking, number) == Profile()


def test_where_somebody_lives_and_what_took_a_consent_managers_alone_see(
    asking: Desks, staff: Browser
) -> None:
    number = somebody(asking, "U1")
    staff.get(f"/staff/members/{number}")
    page = tells(
        staff, number, 1,
        was_interests="", interests=["back"], agree_interests=wording_mark(CONSENT),
        postcode="150-0002", address="東京都渋谷区渋谷1-2-3", was_address="",
        was_age_band="", age_band="over_30",
    )  # fmt: skip
    assert "30代から" in page
    assert "渋谷区渋谷1-2-3" not in page.replace('placeholder="東京都渋谷区渋谷1-2-3"', "")
    assert "checked" not in page.split("腰痛の改善")[0].rsplit("<label", 1)[1]
    # What they don't see stays when they send the form again.
    tells(staff, number, 2, was_interests="", was_address="", postcode="", address="")
    # Nor does it go where a form says that they had seen it.
    tells(staff, number, 4, was_interests="back")
    tells(staff, number, 5, was_address="〒150-0002 東京都渋谷区渋谷1-2-3", postcode="", address="")
    assert (known(asking, number).interests, known(asking, number).postcode) == ("back", "1500002")
    asking.hires("manager", "manager")
    manager = asking.browser()
    manager.logs_in("manager")
    shown = manager.get(f"/staff/members/{number}").text
    assert '<dd class="words">腰痛の改善</dd>' in shown
    assert "〒150-0002 東京都渋谷区渋谷1-2-3" in shown
    tells(manager, number, 3, was_interests="back")
    assert known(asking, number).interests == ""


def test_where_the_programme_asks_nothing_there_is_no_form(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    assert "/told" not in staff.get(f"/staff/members/{number}").text
