"""What is out of the ordinary, by the same weekdays of the weeks before."""

from datetime import date, timedelta

from rules.figures.periods import DaySpan
from rules.figures.values import Sums
from rules.monday.ordinary import unusual_days

MONDAY = date(2026, 3, 2)
WEEK = timedelta(weeks=1)


def sums(*visits: int) -> Sums:
    """So many visits on each Monday, the last on `MONDAY`."""
    days = [MONDAY - n * WEEK for n in reversed(range(len(visits)))]
    span = DaySpan(MONDAY - 9 * WEEK, MONDAY)
    return Sums(span, {}, (("visits", day, n) for day, n in zip(days, visits, strict=True)))


def found(*visits: int, closed: frozenset[date] = frozenset()) -> list[tuple[int, float]]:
    seen = unusual_days(sums(*visits), (MONDAY,), lambda day: day not in closed)
    return [(each.visits, each.usual) for each in seen]


def test_a_day_like_the_others_is_no_news() -> None:
    assert found(10, 12, 9, 11, 10, 8, 12, 10, 12) == []
    # Of so few visits twice as many are nothing yet.
    assert found(1, 2, 1, 1, 2, 1, 1, 1, 4) == []


def test_far_more_and_far_fewer_stand_out() -> None:
    assert found(10, 12, 9, 11, 10, 8, 12, 10, 40) == [(40, 10.25)]
    assert found(100, 110, 95, 105, 100, 98, 102, 90, 20) == [(20, 100.0)]


def test_weeks_that_differ_much_make_little_of_a_day() -> None:
    assert found(5, 40, 10, 35, 20, 50, 3, 30, 60) == []


def test_too_few_weekdays_tell_nothing() -> None:
    assert found(10, 10, 10, 10, 80) == []
    assert found(10, 10, 10, 10, 10, 80) == [(80, 10.0)]


def test_closed_days_are_neither_counted_nor_judged() -> None:
    shut = frozenset({MONDAY - 2 * WEEK})
    assert found(10, 10, 10, 10, 10, 10, 0, 10, 40, closed=shut) == [(40, 10.0)]
    assert found(10, 10, 10, 10, 10, 10, 10, 10, 0, closed=frozenset({MONDAY})) == []


def test_what_was_before_the_first_visit_is_no_comparison() -> None:
    assert found(0, 0, 0, 0, 10, 10, 10, 10, 40) == []
