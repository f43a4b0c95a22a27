"""A year of a campaign as a bar."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.outlook.year_bar import MONTHS, Stretch, months_of, place, year_bar
from rules.programme.campaigns import Bonus, Campaign

SEPTEMBER = date(2026, 9, 1)


def campaign(**more: object) -> Campaign:
    effect = Bonus(kind="bonus", points=5)
    return Campaign.model_validate({"id": "c", "name": {"ja": "c"}, "effect": effect, **more})


def test_a_season_is_one_stretch() -> None:
    [autumn] = year_bar(campaign(starts=date(2026, 10, 1), ends=date(2026, 11, 15)), SEPTEMBER)
    assert autumn == Stretch(1.0, 1.5)


def test_days_of_the_month_are_a_stretch_each() -> None:
    assert len(year_bar(campaign(days_of_month=[5, 15, 25]), SEPTEMBER)) == 3 * MONTHS


def test_what_has_no_dates_fills_the_year_and_what_is_over_has_none() -> None:
    assert year_bar(campaign(), SEPTEMBER) == (Stretch(0.0, 12.0),)
    assert year_bar(campaign(ends=date(2026, 8, 31)), SEPTEMBER) == ()


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.dates(SEPTEMBER, date(2027, 8, 31)))
def test_a_bar_stays_within_its_year(starts: date, ends: date) -> None:
    if ends < starts:
        return
    for each in year_bar(campaign(starts=starts, ends=ends), SEPTEMBER):
        assert 0 <= each.begins < each.begins + each.length <= MONTHS


def test_the_months_are_the_twelve_from_the_first() -> None:
    assert [place(each, SEPTEMBER) for each in months_of(SEPTEMBER)] == list(range(MONTHS))
