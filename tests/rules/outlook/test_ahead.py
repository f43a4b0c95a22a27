"""The next ninety days, by the ninety days before."""

from datetime import date, timedelta
from itertools import pairwise

from rules.outlook.ahead import by_pace, discount, together, windows_before


def test_the_spans_looked_back_on_touch_each_other_and_end_yesterday() -> None:
    found = windows_before(date(2026, 11, 30))
    assert found[0].last == date(2026, 11, 29)
    for newer, older in pairwise(found):
        assert older.last + timedelta(days=1) == newer.first
    assert all((each.last - each.first).days == 89 for each in found)


def test_it_goes_on_as_the_last_half_year_went_within_what_there_was() -> None:
    found = by_pace("points", [300, 100.4, 500])
    assert (found.likely, found.low, found.high, found.most) == (200, 100, 500, None)
    [alone] = [by_pace("points", [70])]
    assert (alone.likely, alone.low, alone.high) == (70, 70, 70)


def test_what_grows_is_not_expected_to_come_to_the_most_there_was() -> None:
    found = by_pace("points", [400, 300, 200, 100])
    assert found.likely == 350
    assert found.high == 400


def test_of_a_club_younger_than_that_nothing_is_said_but_what_is_owed() -> None:
    young = by_pace("points", [], most=900)
    assert (young.likely, young.low, young.high, young.most) == (None, None, None, 900)
    whole = together([young, by_pace("messages", [30])])
    assert (whole.likely, whole.most) == (None, None)


def test_what_is_a_part_of_others_is_not_added_once_more() -> None:
    parts = [
        by_pace("points", [300, 100], most=900),
        by_pace("messages", [30, 50]),
        by_pace("birthdays", [], most=10_000, is_part=True),
    ]
    # Span by span 330 and 150: least and most of the parts never came together.
    whole = together(parts)
    assert (whole.likely, whole.low, whole.high, whole.most) == (240, 150, 330, None)


def test_what_a_lower_price_left_out_follows_from_what_was_paid() -> None:
    assert discount(900, 10) == 100
    assert discount(900, 100) == 0
