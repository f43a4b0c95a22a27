"""Figures read off the sums, and the days they are asked of."""

from datetime import date, timedelta

import pytest

from rules.figures.definitions import Definition, Summed, all_figures, figure
from rules.figures.periods import PERIODS, DaySpan, period
from rules.figures.values import Sums, days_needed

DAY = timedelta(days=1)
TODAY = date(2026, 3, 31)


def test_every_period_ends_today_beside_as_much_of_before_and_its_steps_are_all_of_it() -> None:
    for name in PERIODS:
        found = period(name, TODAY)
        assert found.whole.last == TODAY
        assert found.before.last < found.whole.first
        assert found.steps[0].first == found.whole.first
        assert found.steps[-1].last == TODAY
        for one, next_ in zip(found.steps, found.steps[1:], strict=False):
            assert next_.first == one.last + DAY
    assert len(period("weeks", TODAY).steps) == 28
    assert len(period("year", TODAY).steps) == 12
    # A year is twelve months to the day, each day of which is in one of its months.
    asked = period("year", date(2026, 12, 1))
    assert asked.whole == DaySpan(date(2025, 12, 2), date(2026, 12, 1))
    assert asked.before == DaySpan(date(2024, 12, 2), date(2025, 12, 1))
    assert asked.steps[0] == DaySpan(date(2025, 12, 2), date(2025, 12, 31))
    assert asked.steps[1] == DaySpan(date(2026, 1, 1), date(2026, 1, 31))
    assert (asked.steps[-1], len(asked.steps)) == (DaySpan(date(2026, 12, 1), asked.whole.last), 13)
    leap = period("year", date(2028, 2, 29))
    assert leap.whole == DaySpan(date(2027, 3, 1), date(2028, 2, 29))
    assert leap.before == DaySpan(date(2026, 3, 1), date(2027, 2, 28))
    # As far into February as there is.
    assert period("month", TODAY).before == DaySpan(date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        (Definition("sum", "times", Summed("visits")), 3),
        (Definition("level", "times", Summed("visits", "level")), 110),
        (Definition("weeks", "times", Summed("visits", "four_weeks")), 10),
        (Definition("share", "share", Summed("visits"), Summed("other")), None),
        (
            Definition("over", "share", Summed("visits"), Summed("visits", "four_weeks")),
            0.3,
        ),
        (Definition("shifted", "times", Summed("visits"), shift=3), 7),
    ],
)
def test_a_figure_is_the_sum_the_level_or_one_over_another(
    shown: Definition, value: float | None
) -> None:
    days = [("visits", TODAY - 4 * DAY, 7), ("visits", TODAY, 3)]
    sums = Sums(DaySpan(TODAY - 40 * DAY, TODAY), {"visits": 100}, days)
    assert sums.value(shown, DaySpan(TODAY - 2 * DAY, TODAY)) == value


def test_all_days_are_at_hand_that_any_figure_looks_at() -> None:
    for name in PERIODS:
        asked = period(name, TODAY)
        sums = Sums(days_needed(asked, all_figures()), {}, [("visits", TODAY, 1)])
        for each in all_figures():
            for span in (asked.whole, asked.before, *asked.steps):
                sums.value(each, span)


def test_no_figure_has_the_name_of_another() -> None:
    names = [each.id for each in all_figures()]
    assert len(names) == len(set(names))
    assert figure("nothing") is None
