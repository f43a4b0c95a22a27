"""What is remembered of the month that is over."""

from datetime import date, timedelta

import pytest

from rules.facts import changed
from rules.outlook.month import MonthRecap, badges_in, last_month
from tests.rules.builders import Life, badge, club, fixed, of_day, rule

CLUB = club(
    earning=[rule("visit", fixed(10))],
    badges=[badge({"kind": "visits", "count": n}, id=f"b{n}") for n in (2, 3)],
)


def test_a_month_is_its_visits_points_and_badges_and_nothing_of_its_neighbours() -> None:
    life = Life(CLUB)
    life.comes(*map(of_day, ("01-31", "02-01", "02-14", "03-01")))
    found = last_month(life.until(of_day("03-02")), of_day("03-02"))
    assert found == MonthRecap(of_day("02-01"), 2, 20, ("b2", "b3"))
    assert last_month(life.facts, of_day("04-01")).visits == 1
    assert badges_in(life.facts, of_day("01-01")) == ()


@pytest.mark.parametrize("first", [of_day(f"{month:02}-01") for month in range(2, 13)])
def test_all_of_it_is_remembered_to_the_last_day_of_the_month_after(first: date) -> None:
    """The rules forget days they don't look at any more, whenever somebody comes."""
    end = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    after = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    life = Life(CLUB)
    life.comes(first, end - timedelta(days=1), after - timedelta(days=1))
    assert last_month(life.facts, after - timedelta(days=1)).visits == 2


def test_the_first_badge_comes_first() -> None:
    facts = Life(CLUB).facts
    both = changed(facts, badges={"b3": of_day("02-20"), "b2": of_day("02-03")})
    assert badges_in(both, of_day("02-01")) == ("b2", "b3")
