"""The next ninety days, by the ninety days before."""

from datetime import date, timedelta
from itertools import pairwise

from rules.outlook.ahead import ExpectedCost, by_pace, discount, together, windows_before


def test_the_spans_looked_back_on_touch_each_other_and_end_yesterday() -> None:
    found = windows_before(date(2026, 11, 30))
    assert found[0].last == date(2026, 11, 29)
    for newer, older in pairwise(found):
        assert older.last + timedelta(days=1) == newer.first
    assert all((each.last - each.first).days == 89 for each in found)


def test_it_goes_on_as_it_went_last_within_what_there_was() -> None:
    assert by_pace("points", [300, 100.4, 500]) == ExpectedCost("points", 300, 100, 500, 500)


def test_of_a_club_younger_than_that_nothing_is_said_but_what_is_owed() -> None:
    young = by_pace("points", [], most=900)
    assert (young.likely, young.low, young.high, young.most) == (None, None, None, 900)
    whole = together([young, by_pace("messages", [30])])
    assert (whole.likely, whole.most) == (None, 930)


def test_what_is_a_part_of_others_is_not_added_once_more() -> None:
    parts = [
        by_pace("points", [300, 100], most=900),
        by_pace("messages", [30, 50]),
        by_pace("birthdays", [], most=10_000, is_part=True),
    ]
    assert together(parts) == ExpectedCost("all", 330, 130, 350, 950)


def test_what_a_lower_price_left_out_follows_from_what_was_paid() -> None:
    assert discount(900, 10) == 100
    assert discount(900, 100) == 0
