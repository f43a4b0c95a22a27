"""Campaigns at the owner's hands: told by one tap, ended sooner, the same again next year."""

import html
import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.history import drafts, programs
from bot.store.messages import outbox_figures
from bot.store.tables import outbox as table
from handlers.actions.newsletter.topics import TopicsChoice, choose_topics
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.messages import user
from tests.handlers.pages.staff.conftest import Browser

#: A week before the campaign, noon.
BEFORE = datetime(2026, 2, 22, 3, tzinfo=UTC)
#: The night of its first day, and its noon.
NIGHT, NOON = datetime(2026, 2, 28, 19, 30, tzinfo=UTC), datetime(2026, 3, 1, 3, tzinfo=UTC)


def draft(shop: SmallClub) -> dict[str, Any]:
    with shop.store.read() as uow:
        found = drafts.find(uow)
        return tomllib.loads(found.text if found else programs.newest(uow).text)


def revision(shop: SmallClub) -> int:
    with shop.store.read() as uow:
        found = drafts.find(uow)
    return found.revision if found else 0


def campaigns(shop: SmallClub) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in draft(shop)["campaigns"]}


def tellers(shop: SmallClub) -> list[dict[str, Any]]:
    return [each for each in draft(shop)["journeys"] if each["kind"] == "campaign"]


def taps(owner: Browser, campaign: str, what: str, **fields: str) -> tuple[int, str]:
    owner.get("/owner/campaigns")
    answer = owner.post(f"/owner/campaigns/{campaign}/{what}", **fields)
    return answer.status_code, html.unescape(answer.text)


def publishes(shop: SmallClub, owner: Browser) -> None:
    owner.get("/owner/draft")
    done = owner.post("/owner/draft/publish", revision=str(revision(shop)), when="now")
    assert done.status_code == 303, html.unescape(done.text)
    shop.passes(minutes=1)
    shop.club.programmes.forget()


def told(shop: SmallClub) -> list[tuple[int, str, str | None]]:
    with shop.store.read() as uow:
        rows = uow.run(
            select(table.c.member_id, table.c.status, table.c.reason)
            .where(table.c.journey.like("journey:tells%"))
            .order_by(table.c.member_id)
        )
        return [(row.member_id, row.status, row.reason) for row in rows]


def first_day(shop: SmallClub) -> None:
    shop.clock.set(NIGHT)
    nightly.run_if_due(shop.club)
    queue.run_if_due(shop.club)


def test_one_tap_tells_once_and_another_takes_it_back(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(BEFORE)
    assert taps(owner, "spring", "announce", on="1")[0] == 303
    assert taps(owner, "spring", "announce", on="1")[0] == 303
    assert tellers(shop) == [{"kind": "campaign", "id": "tells_spring", "campaign": "spring"}]
    assert revision(shop) == 1
    page = owner.get("/owner/campaigns").text
    assert "/owner/journeys/tells_spring" in page
    assert taps(owner, "spring", "announce", on="0")[0] == 303
    assert tellers(shop) == []


def test_what_has_no_day_that_is_known_beforehand_cannot_be_told(
    shop: SmallClub, owner: Browser
) -> None:
    for campaign in ("rain", "spring"):
        shop.clock.set(NOON + timedelta(days=10))
        status, page = taps(owner, campaign, "announce", on="1")
        assert status == 409
        assert say("ja", "refusal.campaign_untold.why") in page
    assert taps(owner, "no_such", "announce", on="1")[0] == 409
    assert revision(shop) == 0


def test_members_are_told_once_on_its_first_day_but_who_wants_no_such_news(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(BEFORE)
    there, silent = shop.joins(user(1)), shop.joins(user(2))
    for member in (there, silent):
        shop.visits(member, store="main")
    with shop.work() as work:
        choice = TopicsChoice(wanted=False, at=shop.now, lang="ja", channel="line")
        choose_topics(work.acting("member").under(shop.key()), silent, ["points"], choice)
    taps(owner, "spring", "announce", on="1")
    publishes(shop, owner)
    for day in range(3):
        shop.clock.set(NIGHT + timedelta(days=day - 1))
        nightly.run_if_due(shop.club)
        queue.run_if_due(shop.club)
    assert {member for member, _, _ in told(shop)} <= {there}
    assert len(told(shop)) == 1


def test_of_a_campaign_that_is_taken_out_nobody_is_told_any_more(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rules.journeys.arms.OPEN_HOLDOUT", 0)
    shop.clock.set(BEFORE)
    member = shop.joins(user(1))
    shop.visits(member, store="main")
    taps(owner, "spring", "announce", on="1")
    publishes(shop, owner)
    first_day(shop)
    assert told(shop) == [(member, "queued", None)]
    owner.get("/owner/programme/campaigns/spring")
    page = owner.get("/owner/programme/campaigns/spring").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    gone = owner.post("/owner/programme/campaigns/spring", remove="1", seen=seen)
    assert gone.status_code == 303
    assert tellers(shop) == []
    publishes(shop, owner)
    shop.clock.set(NOON)
    Delivery(shop.club).deliver_due()
    assert told(shop) == [(member, "skipped", "no_longer_true")]
    with shop.store.read() as uow:
        assert "journey:tells_spring" not in outbox_figures.all_sent(uow, since=BEFORE)


def test_an_early_end_makes_today_the_last_day(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(BEFORE)
    status, page = taps(owner, "spring", "end")
    assert status == 409
    assert say("ja", "refusal.campaign_waits.why") in page
    shop.clock.set(NOON + timedelta(days=4))
    assert taps(owner, "spring", "end")[0] == 303
    assert campaigns(shop)["spring"]["ends"] == date(2026, 3, 5)
    shop.clock.set(NOON + timedelta(days=6))
    assert taps(owner, "spring", "end")[0] == 303
    assert campaigns(shop)["spring"]["ends"] == date(2026, 3, 5), "what is over stays so"


def test_the_same_again_next_year_is_added_once(shop: SmallClub, owner: Browser) -> None:
    for _ in range(2):
        assert taps(owner, "spring", "repeat")[0] == 303
    known = campaigns(shop)
    assert list(known) == ["spring", "rain", "spring_2027"]
    assert known["spring_2027"] == {
        **known["spring"],
        "id": "spring_2027",
        "starts": date(2027, 3, 1),
        "ends": date(2027, 3, 31),
    }
    status, page = taps(owner, "rain", "repeat")
    assert status == 409
    assert say("ja", "refusal.campaign_endless.why") in page


def test_the_list_says_what_runs_what_comes_and_what_is_over(
    shop: SmallClub, owner: Browser
) -> None:
    states = {}
    for at in (BEFORE, NOON, NOON + timedelta(days=60)):
        shop.clock.set(at)
        page = owner.get("/owner/campaigns").text
        card = page[page.index('id="campaign-spring"') :]
        states[at] = card[: card.index("</h2>") + 80].partition("mark state-")[2].partition('"')[0]
    assert list(states.values()) == ["waits", "runs", "over"]
