"""The next way to earn is offered when the last is used, taken up with one tap, or left for now."""

import html
import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from bot import toml_text
from bot.store.history import drafts, programs, put_offs, rule_uses
from bot.store.tables import programs as versions
from handlers.actions.programme.next_rule import STAYS_AWAY
from rules.editing.next_rule import LOOKED_AT
from rules.editing.parts import Part, values_of
from rules.editing.templates import template
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.journeys.counting import counting, plans

OFFERED = say("ja", "owner.next.title", name=say("ja", "owner.next.way.profile"))
PROFILE = Part("earning", "profile")
WEEKS_AGO = datetime.now(UTC) - timedelta(weeks=10)


def published(desks: Desks, text: str, since: datetime = WEEKS_AGO) -> None:
    with desks.club.store.begin() as uow:
        uow.run(delete(versions))
        programs.publish(uow, text, since=since)
    desks.club.programmes.forget()


@pytest.fixture
def owner(desks: Desks) -> Browser:
    """Of a small café in which coming is the last thing that asks something of members."""
    text = template("cafe").replace('id = "main"', 'id = "ekimae"')
    published(desks, toml_text.take(toml_text.take(text, "purchase"), "earning", entry="purchase"))
    return desks.signed_in("boss", "owner", None)


def come(desks: Desks, count: int) -> None:
    for name in ("さくら", "もも", "あん")[:count]:
        somebody(desks, name=name, visits=1)


def draft(desks: Desks) -> drafts.ProgrammeDraft | None:
    with desks.club.store.read() as uow:
        return drafts.find(uow)


def overview(owner: Browser) -> str:
    return html.unescape(owner.get("/owner/programme").text)


def test_nothing_is_offered_before_the_last_is_used(desks: Desks, owner: Browser) -> None:
    come(desks, 2)
    assert OFFERED not in overview(owner)
    somebody(desks, name="あん", visits=1)
    page = overview(owner)
    assert OFFERED in page
    assert say("ja", "owner.next.used", count=3, members=3) in page


def test_one_tap_puts_it_into_the_draft_and_opens_its_form(desks: Desks, owner: Browser) -> None:
    come(desks, 3)
    page = overview(owner)
    [way] = re.findall(r'name="way" value="(\w+)"', page)
    done = owner.post("/owner/programme/next", way=way)
    assert done.status_code == 303
    assert done.location.startswith("/owner/programme/earning/profile")
    assert say("ja", "owner.done.next") in owner.get(done.location).text
    kept = draft(desks)
    assert kept is not None
    said = values_of(tomllib.loads(kept.text), PROFILE)
    assert said is not None
    assert said["award"] == {"kind": "first", "points": 10}
    # One at a time: as long as it isn't published there is no talk of another.
    assert OFFERED not in overview(owner)
    assert 'class="offer"' not in overview(owner)


def test_a_second_tap_or_a_page_of_yesterday_adds_nothing(desks: Desks, owner: Browser) -> None:
    come(desks, 3)
    assert owner.post("/owner/programme/next", way="profile").status_code == 303
    again = owner.post("/owner/programme/next", way="profile")
    assert again.location == "/owner/programme?done=next_gone"
    assert owner.post("/owner/programme/next", way="made up").location == again.location
    kept = draft(desks)
    assert kept is not None
    assert kept.revision == 1


def test_not_now_stays_away_for_some_weeks(desks: Desks, owner: Browser) -> None:
    come(desks, 3)
    done = owner.post("/owner/programme/next/later")
    assert done.status_code == 303
    page = html.unescape(owner.get(done.location).text)
    assert say("ja", "owner.done.next_later") in page
    assert OFFERED not in page
    assert "next_rule_put_off" in [line.action for line in desks.logged()]
    with desks.club.store.begin() as uow:
        put_offs.put_off(uow, "next_rule", at=desks.club.now() - STAYS_AWAY)
    assert OFFERED in overview(owner)


def test_what_came_in_lately_is_given_its_time(desks: Desks, owner: Browser) -> None:
    come(desks, 3)
    text = template("cafe").replace('id = "main"', 'id = "ekimae"')
    published(desks, text, since=desks.club.now() - timedelta(days=20))
    assert 'class="offer"' not in overview(owner)


def test_who_uses_a_way_is_counted_without_reading_all_members(
    desks: Desks, owner: Browser
) -> None:
    come(desks, 3)
    store = desks.club.store
    with counting(store) as counted, store.read() as uow:
        assert rule_uses.users_lately(uow, "visit", limit=LOOKED_AT) == (3, 3)
        assert rule_uses.users_lately(uow, "visit", limit=2) == (2, 2)
        assert rule_uses.users_lately(uow, "nothing", limit=LOOKED_AT) == (3, 0)
    steps = plans(store, counted.statements[:1])
    assert any("ix_members_active_on" in step for step in steps), steps
    assert not any(step.startswith("SCAN entries") for step in steps), steps


def test_the_programme_is_offered_more_by_nobody_but_its_owner(desks: Desks) -> None:
    manager = desks.signed_in("midori", "manager")
    for path in ("/owner/programme/next", "/owner/programme/next/later"):
        assert manager.post(path, way="profile").status_code == 403
