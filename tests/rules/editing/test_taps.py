"""What one tap of the console changes in a programme's file."""

import tomllib
from datetime import date

import pytest

from bot import toml_text
from rules.checking.reading import parse, review
from rules.editing.taps import (
    announcement,
    announcements,
    journeys_known,
    may_be_announced,
    next_year,
    switched,
    tellers,
)
from rules.journeys.programme import WholeProgramme
from tests.rules.examples import CAFE, GYM, LEAST

SPRING = """
[[campaigns]]
id = "spring"
name = { ja = "春" }
starts = 2026-03-01
ends = 2026-03-31
effect = { kind = "bonus", points = 5 }
"""
TELLS_ALL = """
[[journeys]]
kind = "campaign"
"""
TELLS_ONE = """
[[journeys]]
kind = "campaign"
id = "ours"
campaign = "spring"
"""


def read(text: str) -> WholeProgramme:
    found = parse(text)
    assert isinstance(found, WholeProgramme), found
    return found


def test_a_campaign_is_told_by_its_own_journey_or_by_one_that_tells_of_all() -> None:
    assert tellers(read(LEAST + SPRING), "spring") == ()
    for journeys in (TELLS_ALL, TELLS_ONE):
        [teller] = tellers(read(LEAST + SPRING + journeys), "spring")
        assert teller.kind == "campaign"
    assert tellers(read(LEAST + SPRING + TELLS_ONE.strip() + "\noff = true\n"), "spring") == ()


def test_what_is_switched_off_is_still_known() -> None:
    programme = read(LEAST + SPRING + TELLS_ONE + "off = true\n")
    assert "ours" not in [each.id for each in programme.journeys_sent]
    assert "ours" in [each.id for each in journeys_known(programme)]


def test_an_announcement_that_is_off_is_switched_on_rather_than_written_twice() -> None:
    there = {"kind": "campaign", "id": "ours", "campaign": "spring", "off": True}
    part, values = announcement({"journeys": [there]}, "spring")
    assert (part.id, values) == ("ours", {"kind": "campaign", "id": "ours", "campaign": "spring"})
    assert [each.id for each in announcements({"journeys": [there]}, "spring")] == ["ours"]


def test_a_long_name_leaves_an_id_that_a_journey_may_have() -> None:
    part, _ = announcement({}, "a" * 40)
    assert len(part.id) <= 32
    taken = {"journeys": [{"kind": "campaign", "id": part.id, "campaign": "other"}]}
    other, _ = announcement(taken, "a" * 40)
    assert other.id != part.id


@pytest.mark.parametrize(
    ("day", "is_told"),
    [("2026-02-01", True), ("2026-03-05", True), ("2026-03-06", False), ("2026-04-01", False)],
)
def test_a_beginning_is_told_until_it_is_some_days_past(day: str, is_told: bool) -> None:
    [spring] = read(LEAST + SPRING).campaigns
    assert may_be_announced(spring, date.fromisoformat(day)) is is_told


def test_what_staff_decide_on_the_day_is_not_told_beforehand() -> None:
    [rain] = read(LEAST + SPRING + "staff_switch = true\n").campaigns
    assert not may_be_announced(rain, date(2026, 2, 1))


def test_a_year_later_is_the_same_day_and_28_february_for_the_29th() -> None:
    leap = {"id": "leap", "starts": date(2028, 2, 29), "ends": date(2028, 3, 5)}
    again = next_year({"campaigns": [leap]}, leap)
    assert again == {"id": "leap_2029", "starts": date(2029, 2, 28), "ends": date(2029, 3, 5)}
    assert next_year({"campaigns": [leap, again]}, leap) == again
    third = next_year({"campaigns": [leap, again]}, again)
    assert third["id"] == "leap_2030"


@pytest.mark.parametrize("text", [CAFE, GYM], ids=["cafe", "gym"])
def test_every_switch_of_the_programmes_that_ship_works(text: str) -> None:
    there = [each for each in journeys_known(read(text)) if not each.is_promised]
    assert len(there) >= 3
    for journey in there:
        values = switched(tomllib.loads(text), journey, on=False)
        off = review(toml_text.put(text, "journeys", values, entry=journey.id))
        assert isinstance(off, WholeProgramme), (journey.id, off)
        assert journey.id not in [each.id for each in off.journeys_sent]
