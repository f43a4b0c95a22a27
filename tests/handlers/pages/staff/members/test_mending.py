"""Staff put right what is known of a member, on pages that may be a day old."""

import json

import pytest
from sqlalchemy import select

from bot.store.members import consents, members, profiles
from bot.store.members.profiles import Profile
from bot.store.tables import audit_log
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.jobs.night.audit import audit_member
from rules.facts import Birthday

from ..conftest import Browser, Desks
from .test_members import card, sends, somebody

SHOWN = {"was_name": "石井遥", "was_kana": "", "was_note": "窓ぎわ\r\nラテ"}


def known(desks: Desks, number: str) -> Profile:
    with desks.club.store.read() as uow:
        return profiles.get(uow, card(desks, number).id)


def tells(desks: Desks, number: str, born: Birthday, key: str) -> str | None:
    """The member does, in the chat."""
    with desks.club.work("member", key=key) as work:
        return tell_birthday(work, ToldBirthday(card(desks, number).id, born, work.now)).refused


def test_staff_mend_a_birthday_that_the_member_may_change_no_more(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U1")
    assert tells(desks, number, Birthday(5, 12, 1990), "b1") is None
    assert tells(desks, number, Birthday(5, 13, 1990), "b2") is None
    assert tells(desks, number, Birthday(6, 12), "b3") == "birthday_changes"
    path, before = f"/staff/members/{number}", card(desks, number).facts
    assert "1990" not in staff.get(path).text
    assert "保存しました" in sends(staff, f"{path}/birthday", 1, birthday="六月十二日").text
    # Tapped twice, and once more on the page of a day ago.
    sends(staff, f"{path}/birthday", 1, birthday="六月十二日")
    sends(staff, f"{path}/birthday", 2, birthday="6/12")
    after = card(desks, number).facts
    assert after.birthday == Birthday(6, 12, 1990, changes=1)
    assert (after.balance, card(desks, number).seq) == (before.balance, 4)
    assert tells(desks, number, Birthday(7, 12), "b4") == "birthday_changes"
    assert "読み取れません" in sends(staff, f"{path}/birthday", 3, birthday="きのう").text
    assert "その年" in sends(staff, f"{path}/birthday", 4, birthday="2990-01-01").text
    assert card(desks, number).facts.birthday == after.birthday
    mine, foresight = card(desks, number).id, desks.club.foresight()
    with desks.club.store.read() as uow:
        assert audit_member(uow, desks.club.timeline(), foresight, mine) == []


def test_the_page_says_what_mending_does_to_a_gift_that_was_given(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U1")
    path = f"/staff/members/{number}"
    assert "お誕生日を登録する" in staff.get(path).text
    today = desks.club.timeline().latest.programme.shop.business_date(desks.club.now())
    tells(desks, number, Birthday(today.month, 12), "b1")
    assert "お渡しずみ" not in staff.get(path).text
    with desks.club.work() as work:
        celebrate_birthday(work, card(desks, number).id, day=today)
    assert "お渡しずみ" in staff.get(path).text


def test_the_log_says_who_mended_what_and_never_into_what(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1", "石井遥")
    path = f"/staff/members/{number}"
    sends(staff, f"{path}/birthday", 1, birthday="1990-05-12")
    sends(staff, f"{path}/profile", 2, name="石井春香", kana="", note="", phone="090-1234-5678")
    with desks.club.store.read() as uow:
        rows = uow.run(select(audit_log).where(audit_log.c.action == "profile")).all()
    assert [json.loads(row.details)["changed"] for row in rows] == [["birthday"], ["name", "phone"]]
    assert all(row.staff_id is not None for row in rows)
    page = desks.signed_in("tencho", "manager").get("/staff/log").text
    assert "会員情報の変更（お誕生日）" in page
    assert "会員情報の変更（お名前・電話番号）" in page
    assert not [each for each in ("春香", "1990", "5678") if each in page]


def test_what_nobody_touched_on_an_old_page_stays_as_it_is_by_now(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U1", "石井遥")
    path = f"/staff/members/{number}"
    sends(staff, f"{path}/profile", 1, name="石井遥", note="窓ぎわ\nラテ", phone="090-1234-5678")
    page = staff.get(path).text
    assert 'name="was_name" value="石井遥"' in page
    # A colleague has mended the name meanwhile.
    sends(staff, f"{path}/profile", 2, **SHOWN, name="石井春香", note="窓ぎわ\r\nラテ", kana="")
    sends(staff, f"{path}/profile", 3, **SHOWN, name="石井遥", note="窓ぎわ\r\nラテ", kana="イシイ")
    assert known(desks, number) == Profile("石井春香", "イシイ", "+819012345678", "窓ぎわ\nラテ")
    told = sends(staff, f"{path}/profile", 4, **SHOWN, name="石井はるか", note="", kana="")
    assert "変わっています" in told.text
    assert known(desks, number).name == "石井春香"


@pytest.mark.parametrize("form", ["profile", "birthday"])
def test_a_page_whose_card_was_merged_or_erased_since_changes_nobody(
    desks: Desks, staff: Browser, form: str
) -> None:
    number, other = somebody(desks, "U1", "石井遥"), somebody(desks, name="田中花")
    typed = {"name": "だれか", "birthday": "5/12"}
    with desks.club.work("staff", key="m") as work:
        keep, gone = (members.by_code(work.uow, "number", each) for each in (number, other))
        assert keep is not None
        assert gone is not None
        merge(work, MergeRequest(keep, gone))
    told = sends(staff, f"/staff/members/{other}/{form}", 1, **typed)
    assert "変わっています" in told.text
    assert known(desks, number).name == "石井遥"
    assert card(desks, number).facts.birthday is None
    with desks.club.work("staff", key="e") as work:
        erase(work, keep)
    gone_page = staff.post(f"/staff/members/{number}/{form}", **typed)
    assert gone_page.status_code == 404


def test_a_childs_birthday_is_mended_with_a_guardians_consent(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    path, year = f"/staff/members/{number}/birthday", desks.club.now().year - 9
    assert "保護者" in sends(staff, path, 1, birthday=f"{year}-01-02").text
    assert card(desks, number).facts.birthday is None
    sends(staff, path, 2, birthday=f"{year}-01-02", guardian="1")
    # The consent that was given holds for a slip of a day.
    sends(staff, path, 3, birthday="1/3")
    assert card(desks, number).facts.birthday == Birthday(1, 3, year)
    with desks.club.store.read() as uow:
        agreed = [c for c in consents.of(uow, card(desks, number).id) if c.kind == "guardian"]
    assert [c.channel for c in agreed] == ["counter"]
