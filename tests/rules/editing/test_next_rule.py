"""Three ways to earn to begin with, and the next one when the last is used."""

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import toml_text
from rules.checking.reading import InvalidProgramme, review
from rules.checking.warnings import warnings
from rules.editing.next_rule import (
    SETTLES,
    LatestWay,
    NextWay,
    WayUse,
    latest_way,
    next_way,
    parts_of,
)
from rules.editing.parts import Part, changed_parts
from rules.editing.templates import TEMPLATES, TemplateId, template
from rules.journeys.programme import WholeProgramme
from rules.programme.timeline import Version
from tests.rules.builders import club, fixed, rule
from tests.rules.examples import CAFE, programme

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SETTLED = LONG_AGO + SETTLES
USED = WayUse(members=100, users=5)


def ways_from(text: str) -> list[tuple[NextWay, str]]:
    """The ways that are offered one after the other, each with the text once it is taken up."""
    found: list[tuple[NextWay, str]] = []
    latest = LatestWay("", LONG_AGO)
    while way := next_way(programme(text), latest, USED, SETTLED):
        for part, values in parts_of(way, programme(text)):
            text = toml_text.put(text, part.section, values, entry=part.id)
        found.append((way, text))
    return found


@pytest.mark.parametrize("trade", TEMPLATES)
def test_each_way_that_is_offered_is_a_good_part_and_asks_for_no_caution(
    trade: TemplateId,
) -> None:
    for way, text in ways_from(template(trade)):
        read = review(text)
        assert not isinstance(read, InvalidProgramme), (way, read.listed("en"))
        assert warnings(read) == (), way


def test_they_come_in_the_order_of_deepening() -> None:
    ways: dict[str, list[NextWay]] = {
        trade: [way for way, _ in ways_from(template(trade))] for trade in TEMPLATES
    }
    assert ways["cafe"] == [
        "profile", "birthday", "review", "share", "referral", "campaign", "spend", "eco",
        "feedback",
    ]  # fmt: skip
    assert ways["gym"] == [
        "profile", "birthday", "review", "share", "referral", "campaign", "anniversary", "eco",
        "feedback",
    ]  # fmt: skip
    assert ways["salon"][:2] == ["birthday", "review"]
    assert ways_from(CAFE) == [], "who has them all is offered nothing"


def test_a_friend_counts_by_buying_where_nobody_comes_by() -> None:
    parts = dict(parts_of("referral", programme(template("mail_order"))))
    assert parts[Part("referral")] == {"counts_at": "first_purchase"}
    assert {part.id for part in parts if part.section == "earning"} == {"referral", "referred"}
    assert Part("referral") not in dict(parts_of("referral", programme(template("cafe"))))


def test_an_eco_rule_comes_with_its_button() -> None:
    before = template("cafe")
    text = before
    for part, values in parts_of("eco", programme(before)):
        text = toml_text.put(text, part.section, values, entry=part.id)
    changed: dict[Part, Any] = dict(changed_parts(*map(loaded, (before, text))))
    assert changed[Part("earning", "eco")]["actions"] == ["own_bag"]
    assert [each["id"] for each in changed[Part("counter")]["eco"]] == ["own_bag"]


def loaded(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


@pytest.mark.parametrize(
    ("latest", "use", "now", "offered"),
    [
        (LatestWay("purchase", LONG_AGO), USED, SETTLED, True),
        (LatestWay("purchase", LONG_AGO), WayUse(100, 4), SETTLED, False),
        (LatestWay("purchase", LONG_AGO), WayUse(2, 2), SETTLED, False),
        (LatestWay("purchase", LONG_AGO), WayUse(3, 3), SETTLED, True),
        (LatestWay("purchase", LONG_AGO), USED, SETTLED - timedelta(hours=1), False),
        (LatestWay("", LONG_AGO), WayUse(0, 0), SETTLED, True),
    ],
)
def test_the_last_one_is_used_first(
    latest: LatestWay, use: WayUse, now: datetime, *, offered: bool
) -> None:
    assert bool(next_way(programme(template("cafe")), latest, use, now)) is offered


def test_who_has_enough_to_remember_gets_no_more() -> None:
    many = [rule("visit", fixed(1), id=f"visit_{n}") for n in range(12)]
    assert next_way(club(earning=many), LatestWay("", LONG_AGO), USED, SETTLED) is None
    assert next_way(club(earning=many[1:]), LatestWay("", LONG_AGO), USED, SETTLED) is not None


def of_rules(*on: str) -> WholeProgramme:
    return club(earning=[rule(each, fixed(1), id=each) for each in on])


def test_the_last_is_the_newest_that_asks_something_of_members() -> None:
    later, newest = LONG_AGO + timedelta(days=30), LONG_AGO + timedelta(days=60)
    versions = [
        Version(1, LONG_AGO, of_rules("visit", "review", "feedback")),
        Version(2, later, of_rules("visit", "profile", "review")),
        Version(3, newest, of_rules("visit", "profile", "review", "birthday")),
    ]
    assert latest_way(versions[:1]) == LatestWay("feedback", LONG_AGO)
    assert latest_way(versions[:2]) == LatestWay("profile", later)
    assert latest_way(versions) == LatestWay("profile", newest)


def test_what_was_taken_out_and_put_back_is_new_again() -> None:
    versions = [
        Version(1, LONG_AGO, of_rules("visit", "review")),
        Version(2, LONG_AGO + timedelta(days=1), of_rules("visit")),
        Version(3, LONG_AGO + timedelta(days=2), of_rules("review", "visit")),
    ]
    assert latest_way(versions).rule == "review"
