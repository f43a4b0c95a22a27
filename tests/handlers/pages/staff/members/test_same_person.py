"""A second card for a telephone number that is known: staff are asked whose it is."""

import re

from bot.store.finding import prune
from bot.store.members import profiles
from bot.store.members.profiles import Profile

from ..conftest import Browser, Desks
from .test_members import KEY, card, sends, somebody

PHONE, SPELLED = "+819012345678", "０９０ー1234ー5678"
ASKED = "同じ方のカードでしょうか"


def with_phone(desks: Desks, number: str, name: str) -> str:
    with desks.club.store.begin() as uow:
        profiles.put(uow, card(desks, number).id, Profile(name, phone=PHONE), at=desks.club.now())
    return number


def pages_of(desks: Desks, staff: Browser, *numbers: str) -> list[bool]:
    """Whether each page asks."""
    return [ASKED in staff.get(f"/staff/members/{number}").text for number in numbers]


def test_staff_are_asked_on_both_pages_and_merge(desks: Desks, staff: Browser) -> None:
    paper = with_phone(desks, somebody(desks, name="石井遥", visits=1), "石井遥")
    line = somebody(desks, "U1")
    assert pages_of(desks, staff, paper, line) == [False, False]
    told = sends(staff, f"/staff/members/{line}/profile", 1, name="石井遥", phone=SPELLED)
    assert ASKED in told.text
    assert pages_of(desks, staff, paper, line) == [True, True]
    looked = staff.post(f"/staff/members/{line}/merge/look", other=paper)
    assert "まとめたあと" in staff.get(looked.location).text
    sends(staff, f"/staff/members/{line}/merge", 2, other=paper, checked="known")
    assert card(desks, line).facts.visits == 1
    assert pages_of(desks, staff, line) == [False]
    # The page of a minute ago: they are one person by now, and nobody is asked or told apart.
    old = sends(staff, f"/staff/members/{line}/apart", 3, other=paper)
    assert "別の方として記録" not in old.text


def test_who_is_told_apart_is_asked_about_no_more(desks: Desks, staff: Browser) -> None:
    mother = with_phone(desks, somebody(desks, "U1"), "石井遥")
    child = with_phone(desks, somebody(desks, name="石井さくら"), "石井さくら")
    third = with_phone(desks, somebody(desks, name="石井花"), "石井花")
    path = f"/staff/members/{mother}/apart"
    for _ in range(2):
        assert "別の方として記録しました" in sends(staff, path, 1, other=child).text
    page = staff.get(f"/staff/members/{mother}").text
    assert ("石井花" in page, "石井さくら" in page) == (True, False)
    assert pages_of(desks, staff, child) == [True]
    sends(staff, path, 2, other=third)
    assert pages_of(desks, staff, mother) == [False]
    assert [line.action for line in desks.logged()].count("apart") == 2
    assert "電話番号" in desks.signed_in("tencho", "manager").get("/staff/log").text
    # Nobody is asked anew before two years are over, or the number is another.
    now = desks.club.now()
    prune.prune(desks.club.store, now=now + prune.CHANGES_KEPT * 2, wall=now, most=99)
    assert pages_of(desks, staff, mother) == [False]
    for n, number in enumerate((mother, child)):
        sends(staff, f"/staff/members/{number}/profile", 5 + n, name="石井", phone="0312345678")
    assert pages_of(desks, staff, mother, child) == [True, True]
    assert "見つかりません" in sends(staff, path, 9, other="123").text


def test_a_new_card_for_a_known_number_is_asked_about_first(desks: Desks, staff: Browser) -> None:
    mother = with_phone(desks, somebody(desks, "U1"), "石井遥")
    typed = {"name": "石井さくら", "phone": SPELLED, "agreed": "1"}
    asked = staff.post("/staff/members/new", key=KEY.format(1), **typed)
    assert asked.status_code == 400
    assert f'href="{staff.address(f"/staff/members/{mother}")}"' in asked.text
    found = re.search(r'name="key" value="([^"]+)"', asked.text)
    assert found is not None
    yes = {**typed, "key": found[1], "another": "1"}
    made = [staff.post("/staff/members/new", **yes) for _ in range(2)]
    assert [each.status_code for each in made] == [303, 303]
    child = staff.card_at(made[0].location)
    assert staff.card_at(made[1].location) == child
    assert card(desks, child).line_user_id is None
    assert pages_of(desks, staff, mother, child) == [False, False]


def test_what_was_refused_can_be_put_right_on_the_same_page(desks: Desks, staff: Browser) -> None:
    typed = {"name": "石井遥", "agreed": "1"}
    refused = staff.post("/staff/members/new", key=KEY.format(1), phone="110", **typed)
    found = re.search(r'name="key" value="([^"]+)"', refused.text)
    assert found is not None
    made = staff.post("/staff/members/new", key=found[1], phone="090-1234-5678", **typed)
    assert made.status_code == 303
