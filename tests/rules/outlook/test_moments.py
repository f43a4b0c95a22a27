from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.facts import Birthday, Facts, newcomer
from rules.outlook.moments import Moment, moments, worth_praise
from rules.programme.ranks import RankChange
from tests.rules.builders import club
from tests.rules.examples import cafe
from tests.rules.science.foretelling import falling

TODAY = date(2026, 11, 25)
CAFE = cafe()
#: A chance has fallen far enough to be missed after 19 days, and not after a week.
MODELS = falling(0.91, 0.52, after=19)


def _regular(**more: object) -> Facts:
    since = TODAY - timedelta(days=400)
    at = CAFE.shop.opens(since)
    yesterday = TODAY - timedelta(days=1)
    facts = replace(
        newcomer(since, at),
        visits=20,
        first_visit_on=since,
        last_visit_on=TODAY,
        visit_days=(yesterday, TODAY),
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def test_an_ordinary_visit_is_no_moment() -> None:
    found = moments(CAFE, MODELS, _regular(), (), TODAY)
    assert found == ()
    assert worth_praise(found) is None


def test_a_first_visit_is_noticed_but_needs_no_praise_by_message() -> None:
    found = moments(
        CAFE, MODELS, _regular(first_visit_on=TODAY, visits=1, visit_days=(TODAY,)), (), TODAY
    )
    assert found == (Moment("first_visit"),)
    assert worth_praise(found) is None


@pytest.mark.parametrize(("gap", "away"), [(7, 0), (19, 19), (400, 400)])
def test_who_was_away_for_long_has_come_back(gap: int, away: int) -> None:
    facts = _regular(visit_days=(TODAY - timedelta(days=gap), TODAY), visit_day_count=2)
    came_back = (Moment("came_back", count=away),) if away else ()
    assert moments(CAFE, MODELS, facts, (), TODAY) == came_back


def test_a_rank_of_today_comes_first_and_a_lost_one_is_not_told() -> None:
    up = RankChange(None, "bronze", TODAY, "reached")
    down = RankChange("bronze", None, TODAY, "short")
    older = RankChange(None, "silver", TODAY - timedelta(days=1), "reached")
    facts = _regular(badges={"first_visit": TODAY, "visits_10": TODAY - timedelta(days=3)})
    found = moments(CAFE, MODELS, facts, (down, older, up), TODAY)
    assert found == (Moment("rank_up", "bronze"), Moment("badge", "first_visit"))
    assert worth_praise(found) == Moment("rank_up", "bronze")


def test_birth_month_and_anniversary_are_noticed() -> None:
    facts = _regular(birthday=Birthday(11, 3), joined_on=date(2024, 11, 25))
    found = moments(CAFE, MODELS, facts, (), TODAY)
    assert found == (Moment("birthday"), Moment("anniversary", count=2))


def test_a_club_of_birthdays_by_the_day_notices_the_day_only() -> None:
    by_day = club(profile={"birthday_is": "day"})
    assert moments(by_day, MODELS, _regular(birthday=Birthday(11, 3)), (), TODAY) == ()
    assert moments(by_day, MODELS, _regular(birthday=Birthday(11, 25)), (), TODAY) == (
        Moment("birthday"),
    )
