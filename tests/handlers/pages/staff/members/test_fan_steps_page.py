"""Somebody on paper, for whom staff begin the fan steps; and what the counter is told of them."""

from handlers.actions.profile.fan_steps import FanAnswer, answer_fan_steps
from rules.wording.texts import say
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.members.test_members import card, somebody
from tests.rules.examples import changed

#: The first visit invites, and a ladder that paper can climb.
AT_ONCE = changed(
    CAFE,
    ("visits_in_month = 3", "visits_in_month = 1"),
    ('steps = ["visit", "profile", "event"]', 'steps = ["profile", "visit"]'),
)


def test_staff_begin_the_ladder_for_who_has_no_line(desks: Desks) -> None:
    with_programme(desks.club, AT_ONCE)
    midori = desks.signed_in("midori")
    ken, hana = somebody(desks, name="けん"), somebody(desks, name="はな", visits=1)

    def does(number: str, begin: str, key: str = "") -> str:
        address = f"/staff/members/{number}/fan-steps"
        more = {"key": key} if key else {}
        return midori.post(address, begin=begin, **more).headers["Location"].partition("?")[2]

    assert say("ja", "fan.state.early") in midori.get(f"/staff/members/{ken}").text
    assert does(ken, "1") == "no=fan_steps_early"
    page = midori.get(f"/staff/members/{hana}").text
    assert say("ja", "fan.state.invited") in page
    assert say("ja", "staff.members.fan.help") in page
    assert does(hana, "1") == "done=fan_begun"
    assert does(hana, "1") == "done=fan_begun", "twice tapped"
    page = midori.get(f"/staff/members/{hana}").text
    assert page.count("⬜") == 2
    assert "✅" not in page
    midori.post(f"/staff/members/{hana}/birthday", birthday="5/12")
    assert midori.get(f"/staff/members/{hana}").text.count("✅") == 1
    assert does(hana, "0") == "done=fan_declined"
    assert say("ja", "fan.state.declined") in midori.get(f"/staff/members/{hana}").text
    logged = [entry.action for entry in desks.logged() if entry.action.startswith("fan_")]
    assert sorted(logged) == ["fan_begun", "fan_declined"]
    fan = card(desks, hana).facts.fan
    assert fan is not None
    assert fan.declined_on is not None
    with desks.club.work("member", key="test:line") as work:
        assert answer_fan_steps(work, FanAnswer(card(desks, hana).id, True, work.now)).done
