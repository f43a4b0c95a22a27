from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.facts import Birthday, DayTotal, Facts, newcomer
from rules.ranks import RankChange
from rules.shift import AWAY_DAYS, Moment, days_away, moments, worth_praise
from tests.rules.builders import club
from tests.rules.examples import cafe

TODAY = date(2026, 11, 25)
CAFE = cafe()


def _regular(**more: object) -> Facts:
    since = TODAY - timedelta(days=400)
    at = CAFE.shop.opens(since)
    yesterday = TODAY - timedelta(days=1)
    facts = replace(
        newcomer(since, at),
        visits=20,
        first_visit_on=since,
        last_visit_on=TODAY,
        days=(DayTotal(yesterday, visits=1), DayTotal(TODAY, visits=1)),
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def test_an_ordinary_visit_is_no_moment() -> None:
    found = moments(CAFE, _regular(), (), TODAY)
    assert found == ()
    assert worth_praise(found) is None


def test_a_first_visit_is_noticed_but_needs_no_praise_by_message() -> None:
    found = moments(CAFE, _regular(first_visit_on=TODAY, visits=1, days=()), (), TODAY)
    assert found == (Moment("first_visit"),)
    assert worth_praise(found) is None


@pytest.mark.parametrize(("gap", "away"), [(AWAY_DAYS - 1, 0), (AWAY_DAYS, AWAY_DAYS), (61, 61)])
def test_who_was_away_for_two_months_has_come_back(gap: int, away: int) -> None:
    before = DayTotal(TODAY - timedelta(days=gap), visits=1)
    facts = _regular(days=(before, DayTotal(TODAY, visits=1)))
    assert days_away(CAFE, facts, TODAY) == away


def test_a_visit_too_long_ago_to_be_remembered_counts_as_long_as_memory_goes() -> None:
    facts = _regular(days=(DayTotal(TODAY, visits=1),))
    assert days_away(CAFE, facts, TODAY) == CAFE.memory_days
    young = replace(facts, first_visit_on=TODAY - timedelta(days=1))
    assert days_away(CAFE, young, TODAY) == 1


def test_a_rank_of_today_comes_first_and_a_lost_one_is_not_told() -> None:
    up = RankChange(None, "bronze", TODAY, "reached")
    down = RankChange("bronze", None, TODAY, "short")
    older = RankChange(None, "silver", TODAY - timedelta(days=1), "reached")
    facts = _regular(badges={"first_visit": TODAY, "visits_10": TODAY - timedelta(days=3)})
    found = moments(CAFE, facts, (down, older, up), TODAY)
    assert found == (Moment("rank_up", "bronze"), Moment("badge", "first_visit"))
    assert worth_praise(found) == Moment("rank_up", "bronze")


def test_birth_month_and_anniversary_are_noticed() -> None:
    facts = _regular(birthday=Birthday(11, 3), joined_on=date(2024, 11, 25))
    found = moments(CAFE, facts, (), TODAY)
    assert found == (Moment("birthday"), Moment("anniversary", count=2))


def test_a_club_of_birthdays_by_the_day_notices_the_day_only() -> None:
    by_day = club(profile={"birthday_is": "day"})
    assert moments(by_day, _regular(birthday=Birthday(11, 3)), (), TODAY) == ()
    assert moments(by_day, _regular(birthday=Birthday(11, 25)), (), TODAY) == (Moment("birthday"),)
