"""Perks that nobody could have had within three months are named; those of what is shipped can."""

import pytest

from rules.checking.perk_cautions import Ahead, fan_cautions, perk_cautions
from rules.editing.templates import TEMPLATES, template
from rules.events.event import ShopEvent
from rules.programme.programme import Programme
from tests.rules.builders import Part, badge, bonus, campaign, club, ladder, of_day, reward, text
from tests.rules.examples import CAFE, GYM, programme

TODAY = of_day("01-05")
AHEAD = Ahead(TODAY)
GIFT = {"kind": "gift", "reward": "gift"}
EARLY = {"kind": "early_access", "reward": "gift"}


def found(perk: Part, *rewards: Part, at: int = 3, **more: object) -> list[str]:
    ranks = ladder(at)
    ranks["steps"][0]["perks"] = [{"name": text("特典"), **perk}]
    shop = club(ranks=ranks, rewards=list(rewards), **more)
    return [each.code for each in perk_cautions(shop, AHEAD)]


def first(until: str) -> Part:
    return {"ranks": ["r1"], "until": f"2026-{until}"}


@pytest.mark.parametrize(
    ("perk", "rewards", "code"),
    [
        ({"kind": "price", "percent": 5}, [], None),
        ({"kind": "staff"}, [], "perk_without_way"),
        ({"kind": "staff", "how": text("店頭で")}, [], None),
        ({"kind": "circle"}, [], "perk_no_circle"),
        ({"kind": "gift"}, [reward()], "perk_gift_never"),
        (GIFT, [reward()], None),
        (GIFT, [reward(ranks=["r1"])], None),
        (GIFT, [reward(ends="2026-01-04")], "perk_gift_never"),
        (GIFT, [reward(starts="2026-04-06")], "perk_gift_never"),
        (GIFT, [reward(starts="2026-04-05")], None),
        (EARLY, [reward()], "perk_not_early"),
        (EARLY, [reward(first=first("01-20"))], None),
        (EARLY, [reward(first=first("01-04"))], "perk_not_early"),
        ({"kind": "presale"}, [reward(first=first("01-20"))], None),
        ({"kind": "presale"}, [], "perk_not_early"),
    ],
)
def test_what_nobody_could_have_is_named(perk: Part, rewards: list[Part], code: str | None) -> None:
    assert found(perk, *rewards) == ([code] if code else [])


def test_a_rank_that_nobody_reaches_in_time_brings_nothing() -> None:
    assert found({"kind": "price", "percent": 5}, at=32) == ["perk_rank_far"]
    assert found({"kind": "price", "percent": 5}, at=31) == []


def test_a_gift_of_another_rank_is_none() -> None:
    ranks = ladder(1, 2)
    ranks["steps"][0]["perks"] = [{"name": text("特典"), **GIFT}]
    given = reward(cost=None, valid_days=9, given={"kind": "rank", "ranks": ["r2"]})
    codes = [each.code for each in perk_cautions(club(ranks=ranks, rewards=[given]), AHEAD)]
    assert codes == ["perk_gift_never"]


SHIPPED = {"cafe": CAFE, "gym": GYM} | {f"template {trade}": template(trade) for trade in TEMPLATES}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_perk_of_a_programme_that_we_ship_can_be_had(name: str) -> None:
    shop: Programme = programme(SHIPPED[name])
    perks = [perk for rank in shop.ranks.steps for perk in rank.perks] if shop.ranks else []
    assert perks
    assert [each.message("en") for each in perk_cautions(shop, AHEAD)] == []


def event(**more: object) -> ShopEvent:
    its = {
        "kind": "tasting", "title": text("試食会"), "about": text("秋の新作"),
        "opens_at": "2026-01-06T00:00:00Z", "closes_at": "2026-01-20T00:00:00Z",
    }  # fmt: skip
    return ShopEvent.model_validate({**its, **more})


def until(moment: str, **whom: object) -> Part:
    return {"guests": "ranks", "ranks": ["r1"], "until": f"2026-{moment}T00:00:00Z", **whom}


def promised(perk: Part, *coming: ShopEvent, at: int = 1, **more: object) -> list[str]:
    """What is said of it where a club has those events to come."""
    ranks = ladder(at, at + 1)
    ranks["steps"][0]["perks"] = [{"name": text("特典"), **perk}]
    ahead = Ahead(TODAY, coming)
    return [each.code for each in perk_cautions(club(ranks=ranks, **more), ahead)]


@pytest.mark.parametrize(
    ("coming", "is_kept"),
    [
        ([], False),
        ([event()], True),
        ([event(guests="ranks", ranks=["r1"])], True),
        ([event(guests="ranks", ranks=["r2"])], False),
        ([event(kind="presale")], False),
        ([event(guests="lapsed")], False),
    ],
)
def test_an_invitation_without_an_event_to_come_to_is_named(
    coming: list[ShopEvent], is_kept: bool
) -> None:
    assert promised({"kind": "event"}, *coming) == ([] if is_kept else ["perk_no_event"])


@pytest.mark.parametrize(
    ("coming", "is_presale", "is_early"),
    [
        (event(kind="presale"), False, False),
        (event(kind="presale", guests="ranks", ranks=["r1"]), True, False),
        (event(kind="presale", first=until("01-10")), True, True),
        (event(kind="presale", first=until("01-10", guests="all", visits_min=3)), True, True),
        (event(kind="presale", first=until("01-10", ranks=["r2"])), False, False),
        (event(first=until("01-10")), False, True),
        (event(first=until("01-10"), guests="ranks", ranks=["r2"]), False, False),
        (event(opens_at="2025-12-20T00:00:00Z", first=until("01-03")), False, False),
    ],
)
def test_an_event_that_opens_to_the_rank_first_keeps_the_promise(
    coming: ShopEvent, is_presale: bool, is_early: bool
) -> None:
    kept = {True: [], False: ["perk_not_early"]}
    assert promised({"kind": "presale"}, coming) == kept[is_presale]
    assert promised({"kind": "early_access"}, coming) == kept[is_early]


@pytest.mark.parametrize(
    ("more", "is_early"),
    [
        ({"first": first("01-10")}, True),
        ({"first": first("01-04")}, False),
        ({"first": first("01-10"), "ends": "2026-01-20"}, True),
        ({"first": first("05-10"), "starts": "2026-05-01"}, False),
        ({}, False),
    ],
)
def test_a_campaign_that_begins_for_the_rank_first_is_early_access_and_no_presale(
    more: Part, is_early: bool
) -> None:
    campaigns = [campaign(bonus(5), **more)]
    early, presale = {"kind": "early_access"}, {"kind": "presale"}
    assert promised(early, campaigns=campaigns) == ([] if is_early else ["perk_not_early"])
    assert promised(presale, campaigns=campaigns) == ["perk_not_early"]


def test_what_is_out_of_reach_and_has_no_event_is_named_once() -> None:
    assert promised({"kind": "event"}, at=40) == ["perk_rank_far"]


@pytest.mark.parametrize(("coming", "missing"), [([], ["fan_no_event"]), ([event()], [])])
def test_a_fan_step_for_an_event_wants_one_to_come(
    coming: list[ShopEvent], missing: list[str]
) -> None:
    steps = {"message": text("ファンに"), "steps": ["visit", "event"]}
    badges = [badge({"kind": "fan_steps"})]
    ahead = Ahead(TODAY, coming)
    found = list(fan_cautions(club(fan_steps=steps, badges=badges), ahead))
    assert [each.code for each in found] == missing
    short = club(fan_steps={**steps, "steps": ["visit"]}, badges=badges)
    assert list(fan_cautions(short, Ahead(TODAY, []))) == []
