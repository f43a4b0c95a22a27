"""The journeys as switches, and whom they would reach tomorrow."""

import html
import re
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.history import drafts, programs
from bot.store.members import members
from bot.store.tables import outbox as table
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from handlers.showing import journey_tomorrow
from rules.journeys.programme import journeys_of
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.messages import user
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting

HTMX = {"HX-Request": "true"}
#: Noon of the day before those who came on the first Monday have been away for sixty days.
EVE = datetime(2026, 3, 5, 3, tzinfo=UTC)
#: The night after it, when the day's messages are queued.
NIGHT = EVE + timedelta(hours=16, minutes=30)


def away(shop: SmallClub, count: int, *, first: int = 0) -> list[int]:
    """So many members who came once, and have been away for fifty-nine days by then."""
    found = []
    for n in range(first, first + count):
        found.append(shop.joins(user(n)))
        shop.visits(found[-1], store="main")
    shop.clock.set(EVE)
    return found


def entry(shop: SmallClub, kind: str) -> dict[str, Any] | None:
    """What the draft says of that journey."""
    with shop.store.read() as uow:
        draft = drafts.find(uow)
    data = tomllib.loads(draft.text) if draft else {}
    return next((each for each in data.get("journeys", ()) if each["kind"] == kind), None)


def switches(owner: Browser, journey: str, on: str) -> tuple[int, str]:
    owner.get("/owner/journeys")
    answer = owner.post(f"/owner/journeys/{journey}/switch", on=on)
    return answer.status_code, html.unescape(answer.text)


def numbers(shop: SmallClub, ids: list[int]) -> list[str]:
    with shop.store.read() as uow:
        return [each.number for each in members.many(uow, ids)]


def named(page: str) -> int:
    return page.count('<li><a href="/owner/members/')


def test_a_switch_changes_the_draft_and_nothing_that_members_notice(
    shop: SmallClub, owner: Browser
) -> None:
    assert switches(owner, "lapsed", "0")[0] == 303
    assert entry(shop, "lapsed") == {
        "kind": "lapsed", "steps": [{"days": 60}], "holdout": 0, "off": True,
    }  # fmt: skip
    assert switches(owner, "lapsed", "0")[0] == 303
    with shop.store.read() as uow:
        draft = drafts.find(uow)
    assert draft is not None
    assert draft.revision == 1, "the second tap changes nothing more"
    assert "lapsed" in [each.id for each in journeys_of(shop.timeline.latest.programme)]
    page = owner.get("/owner/journeys").text
    card = page[page.index('id="journey-lapsed"') :]
    assert 'aria-checked="false"' in card[: card.index("</form>")]
    assert say("ja", "owner.journeys.waits") in card[: card.index("</form>")]
    assert switches(owner, "lapsed", "1")[0] == 303
    assert entry(shop, "lapsed") == {"kind": "lapsed", "steps": [{"days": 60}], "holdout": 0}


def test_what_every_club_sends_is_named_when_it_is_switched_off(
    shop: SmallClub, owner: Browser
) -> None:
    assert switches(owner, "birthday", "0")[0] == 303
    assert entry(shop, "birthday") == {"kind": "birthday", "off": True}
    assert switches(owner, "first_visit", "1")[0] == 303
    assert entry(shop, "first_visit") == {"kind": "first_visit"}


def test_where_a_club_wants_no_messages_at_all_the_first_brings_no_others(
    shop: SmallClub, owner: Browser
) -> None:
    with shop.store.read() as uow:
        text = programs.newest(uow).text
    head, _, rest = text.partition("[[journeys]]")
    shop.publishes(
        head.replace("format = 1", "format = 1\njourneys = []", 1)
        + rest[rest.index("[[campaigns]]") :]
    )
    owner.get("/owner/campaigns")
    assert owner.post("/owner/campaigns/spring/announce", on="1").status_code == 303
    page = owner.get("/owner/draft").text
    revision = page.partition('name="revision" value="')[2].partition('"')[0]
    assert owner.post("/owner/draft/publish", revision=revision, when="now").status_code == 303
    shop.passes(minutes=1)
    shop.club.programmes.forget()
    sent = journeys_of(shop.timeline.latest.programme)
    assert [each.id for each in sent if not each.is_promised] == ["tells_spring"]


def test_what_members_are_promised_cannot_be_switched_off(shop: SmallClub, owner: Browser) -> None:
    status, page = switches(owner, "points_expiring", "0")
    assert status == 409
    assert say("ja", "refusal.journey_promised.why") in page
    status, page = switches(owner, "no_such", "0")
    assert status == 409
    assert say("ja", "refusal.journey_gone.why") in page
    assert entry(shop, "lapsed") is None


def test_the_words_stand_on_the_page_of_a_journey_that_is_off_too(owner: Browser) -> None:
    page = html.unescape(owner.get("/owner/journeys/first_visit").text)
    title = say("ja", "journey.first_visit.a.title", name="さくらさん", visit="来店")
    assert title.split("、")[0] in page
    assert say("ja", "owner.journeys.off") in page
    assert owner.get("/owner/journeys/no_such").status_code == 404
    assert owner.get("/owner/journeys/no_such/tomorrow").status_code == 404


def test_those_of_tomorrow_are_those_to_whom_it_is_queued_tomorrow(
    shop: SmallClub, owner: Browser
) -> None:
    due = away(shop, 3)
    came = shop.joins(user(9))
    shop.visits(came, store="main")
    page = owner.get("/owner/journeys/lapsed/tomorrow").text
    assert named(page) == 3
    for number in numbers(shop, due):
        assert f"{number[:4]} {number[4:7]}" in page or number in page.replace(" ", "")
    shop.clock.set(NIGHT)
    nightly.run_if_due(shop.club)
    assert queue.run_if_due(shop.club)
    with shop.store.read() as uow:
        lapsed = select(table.c.member_id).where(table.c.journey == "journey:lapsed")
        assert sorted(uow.run(lapsed).scalars()) == sorted(due)


def test_what_waits_already_is_not_of_tomorrow(shop: SmallClub, owner: Browser) -> None:
    away(shop, 2)
    shop.clock.set(NIGHT)
    nightly.run_if_due(shop.club)
    queue.run_if_due(shop.club)
    page = owner.get("/owner/journeys/lapsed/tomorrow").text
    assert named(page) == 0
    assert say("ja", "owner.journeys.withheld.already") in page or "2" in page


def test_more_candidates_than_a_page_looks_at_are_on_the_next(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey_tomorrow, "_PART", 2)
    monkeypatch.setattr(journey_tomorrow, "LOOKED_MAX", 2)
    away(shop, 5)
    path, seen = "/owner/journeys/lapsed/tomorrow", []
    while path:
        page = html.unescape(owner.get(path).text)
        seen += re.findall(r'<li><a href="(/owner/members/[^"]+)"', page)
        found = re.search(r'href="(/owner/journeys/lapsed/tomorrow\?[^"]+)"', page)
        path = found[1] if found else ""
    assert len({owner.card_at(each) for each in seen}) == len(seen) == 5
    assert say("ja", "owner.journeys.reach", count=5) in page


def test_a_count_asks_the_database_no_more_in_a_larger_club(
    shop: SmallClub, owner: Browser
) -> None:
    asked = []
    for more in (2, 30):
        shop.clock.set(EVE - timedelta(days=59))
        away(shop, more, first=100 * more)
        with counting(shop.store) as counted:
            page = owner.client.get("/owner/journeys/lapsed/tomorrow?count=1", headers=HTMX).text
        asked.append(len(counted.statements))
    assert "32" in page
    assert asked[1] <= asked[0] + 1
    assert asked[0] < 30


def test_who_reads_the_list_of_tomorrow_stands_in_the_log(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    owner.get("/owner/journeys/lapsed/tomorrow")
    assert "tomorrow_seen" in [line.action for line in desks.logged()]


def test_what_it_brought_is_told_once_it_was_sent(shop: SmallClub, owner: Browser) -> None:
    page = owner.get("/owner/journeys/lapsed/results").text
    assert say("ja", "owner.journeys.unmeasured") in page
    away(shop, 2)
    shop.clock.set(NIGHT)
    nightly.run_if_due(shop.club)
    queue.run_if_due(shop.club)
    page = owner.get("/owner/journeys/lapsed/results").text
    assert say("ja", "owner.journeys.unmeasured") not in page
    assert (
        say("ja", "owner.journeys.promised_measured")
        in owner.get("/owner/journeys/points_expiring/results").text
    )
