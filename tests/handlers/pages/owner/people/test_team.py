"""The team at a glance, for owners and for managers of their own store."""

import re

from bot.store.staff import staff
from handlers.actions.recording.actor import Actor
from handlers.actions.staff.inviting import invite_device, invite_person
from handlers.pages.owner.people.team import AWAY_LONG
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Desks
from tests.journeys.counting import counting


def rows(page: str) -> dict[str, str]:
    """The rows of the page's tables by their heads, as they are read."""
    found = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {_text(head).split(" ")[0]: _text(cells) for head, cells in found}


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_team_says_who_may_what_and_what_waits(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    desks.signed_in("midori")
    new = desks.hires("new", "manager")
    boss = desks.person("boss")
    with desks.club.store.begin() as uow:
        staff.change(uow, new.id, password_hash=None)
    with desks.club.work(Actor(boss.id, boss.name, boss.role, "ekimae")) as work:
        invite_device(work, name="新しい端末", store="ekimae", stores=["ekimae"])
    there = rows(owner.get("/owner/team").text)
    assert say("ja", "owner.people.no_password") in there["New"]
    assert say("ja", "owner.people.off_risky") in there["Boss"]
    assert say("ja", "owner.people.off_risky") not in there["Midori"]
    assert "招待中" in there["新しい端末"]
    with desks.club.work(Actor(boss.id, boss.name, boss.role, "ekimae")) as work:
        invite_person(work, new.id)
    assert "招待中" in rows(owner.get("/owner/team").text)["New"]
    desks.wall.ahead += AWAY_LONG
    assert owner.logs_in("boss").status_code == 303
    there = rows(owner.get("/owner/team").text)
    assert say("ja", "owner.people.away") in there["Midori"]
    assert say("ja", "owner.people.away") not in there["Boss"]
    assert "新しい端末" not in there, "its invitation is over"


def test_a_manager_sees_the_team_of_their_store_and_no_other(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", "ekimae")
    desks.hires("midori", "staff", "ekimae")
    desks.hires("tamami", "staff", "kawabe")
    desks.device("kawabe", name="川辺の端末")
    assert manager.get("/owner/").status_code == 200
    page = manager.get("/owner/team").text
    assert "Midori" in page
    assert "Tamami" not in page
    assert "川辺の端末" not in page
    assert "Boss" not in page
    assert "/owner/programme" not in page, "nothing leads where they may not go"


def test_a_large_team_asks_no_more_of_the_database(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    owner.get("/owner/team")
    with counting(desks.club.store) as few:
        owner.get("/owner/team")
    for number in range(30):
        desks.hires(f"person{number}", "staff")
    with counting(desks.club.store) as many:
        owner.get("/owner/team")
    assert len(many.statements) == len(few.statements)
