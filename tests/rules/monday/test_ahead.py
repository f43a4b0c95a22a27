"""The week ahead, as the programme has it."""

from datetime import date, timedelta

from rules.monday.ahead import of_programme, week_from
from rules.programme.programme import Programme
from tests.rules.builders import bonus, campaign, club, text

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def codes(of: Programme, store: str | None = None) -> list[tuple[str, int]]:
    """What comes, and on which day of the week from 0."""
    week = week_from(MONDAY)
    return [(each.code, (each.on - MONDAY).days) for each in of_programme(of, week, store)]


def test_closed_days_are_told_and_a_regular_day_of_rest_is_no_news() -> None:
    shop = {
        "closed_weekdays": ["tue"],
        "closed": [{"on": MONDAY + DAY, "until": MONDAY + 2 * DAY}, {"on": MONDAY + 7 * DAY}],
    }
    assert codes(club(shop=shop)) == [("closed", 2)]


def test_a_branch_that_is_shut_is_told_to_its_own_people_and_the_owner() -> None:
    stores = [
        {"id": "main", "name": text("本店")},
        {"id": "east", "name": text("東店"), "closed": [{"on": MONDAY + 3 * DAY}]},
    ]
    there = club(stores=stores)
    assert codes(there) == codes(there, "east") == [("closed_store", 3)]
    assert codes(there, "main") == []


def test_campaigns_are_told_as_they_begin_and_end() -> None:
    dated = campaign(bonus(5), starts=MONDAY - DAY, ends=MONDAY + 6 * DAY)
    coming = campaign(bonus(5), id="next", starts=MONDAY, ends=MONDAY + 7 * DAY, stores=["east"])
    both = club(campaigns=[dated, coming])
    assert codes(both) == [("campaign_ends", 6), ("campaign_begins", 0)]
    assert codes(both, "main") == [("campaign_ends", 6)]


def test_letters_are_told_in_the_week_in_which_their_time_begins() -> None:
    def letters(day: int) -> list[tuple[str, int]]:
        return codes(club(letters={"months": [3], "day": day}))

    assert letters(2) == [("letters", 0)]
    assert letters(8) == [("letters", 6)]
    assert letters(9) == letters(1) == []
