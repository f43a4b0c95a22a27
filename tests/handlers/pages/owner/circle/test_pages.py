"""The inner circle in the owner's hands, and in the staff's."""

from tests.handlers.actions.events.test_circle import NO_CIRCLE
from tests.handlers.pages.owner.events.test_pages import member_of
from tests.handlers.pages.owner.test_next_rule import published
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.members.test_members import somebody


def test_staff_ask_somebody_on_paper_and_note_the_answer(desks: Desks) -> None:
    midori, ken = desks.signed_in("midori"), somebody(desks, name="けん")

    def does(how: str) -> str:
        answer = midori.post(f"/staff/members/{ken}/circle", how=how)
        return answer.headers["Location"].partition("?")[2]

    page = midori.get(f"/staff/members/{ken}").text
    assert "ご意見番の会" in page
    assert "お誘いしたと記録する" in page
    assert does("yes") == "no=circle_not_asked"
    assert does("invite") == "done=circle_invited"
    assert "参加される" in midori.get(f"/staff/members/{ken}").text
    assert does("no") == "done=circle_declined"
    assert does("yes") == "done=circle_in"
    owner = desks.signed_in("boss", "owner", None)
    seen = owner.get("/owner/circle").text
    assert "メンバー 1名" in seen
    assert "けん" in seen
    assert does("leave") == "done=circle_left"
    assert "まだどなたも参加していません" in owner.get("/owner/circle").text
    assert midori.post(f"/staff/members/{ken}/circle", how="eat").status_code == 404
    noted = {line.action for line in desks.logged() if line.member_id == member_of(desks, ken)}
    assert {"circle_invited", "circle_declined", "circle_in", "circle_left"} <= noted


def test_a_shop_without_a_circle_is_led_to_begin_one(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    published(desks, NO_CIRCLE)
    page = owner.get("/owner/circle").text
    assert "サークルをはじめる" in page
    assert owner.get("/owner/programme/circle").status_code == 200
