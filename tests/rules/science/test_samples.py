"""What a test can find, against tests played out."""

from dataclasses import replace
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.science.interval import half_width
from rules.science.samples import LIFT_MAX, MONTHS_MAX, Trial, months_to_find, smallest_lift

trials = st.builds(
    Trial,
    episodes=st.floats(1, 50_000),
    share=st.floats(0.3, 0.9),
    against=st.floats(0.05, 0.5),
    base=st.floats(0.03, 0.9),
    planned_lift=st.floats(0.02, 0.2),
    saved=st.floats(0, 0.7),
    measure_days=st.sampled_from([14, 30, 60]),
)


def trial(
    episodes: float, *, against: float = 0.3, planned_lift: float = 0.08, saved: float = 0.2
) -> Trial:
    return Trial(episodes, 0.7, against, base=0.4, planned_lift=planned_lift, saved=saved)


def found(size: Trial, lift: float, *, months: float, runs: int = 400) -> float:
    """The share of tests that show `lift` on one of the days of so many months."""
    random, shown = Random(14), 0
    better = size.base + lift
    spread = better * (1 - better) / size.share + size.base * (1 - size.base) / size.against
    days = round(months * 30.4375) - size.measure_days
    a_day = size.episodes / 365.25 / (spread * (1 - size.saved))
    known = [day * a_day for day in range(1, days + 1)]
    bounds = [half_width(1 / sqrt(each), size.planned_lift) * each for each in known]
    for _ in range(runs):
        score = 0.0
        for bound in bounds:
            score += random.gauss(lift * a_day, sqrt(a_day))
            if score > bound:
                shown += 1
                break
    return shown / runs


@pytest.mark.parametrize("size", [trial(3000), trial(800, planned_lift=0.15)])
def test_the_smallest_lift_is_found_four_times_out_of_five(size: Trial) -> None:
    lift = smallest_lift(size)
    assert lift is not None
    assert 0.76 < found(size, lift, months=12) < 0.88


def test_the_planned_lift_is_found_in_the_months_that_were_said() -> None:
    size = trial(2000)
    months = months_to_find(size)
    assert months is not None
    assert found(size, 0.08, months=months) > 0.76
    assert found(size, 0.08, months=months - 1.5) < 0.84


def test_a_small_club_is_told_that_nothing_can_be_found() -> None:
    assert smallest_lift(trial(20)) is None
    assert months_to_find(trial(20)) is None
    assert smallest_lift(trial(0)) is None
    assert months_to_find(trial(0)) is None
    assert smallest_lift(trial(5000, against=0)) is None


@given(size=trials)
def test_more_episodes_find_less_and_no_later(size: Trial) -> None:
    more = replace(size, episodes=size.episodes * 2)
    assert (smallest_lift(more) or LIFT_MAX) <= (smallest_lift(size) or LIFT_MAX) + 0.001
    assert (months_to_find(more) or MONTHS_MAX) <= (months_to_find(size) or MONTHS_MAX)


@given(size=trials)
def test_what_is_found_within_a_year_takes_at_most_a_year(size: Trial) -> None:
    lift, months = smallest_lift(size), months_to_find(size)
    assert lift is None or 0 < lift <= LIFT_MAX
    assert months is None or 0 < months <= MONTHS_MAX
    if months is not None and months <= 12:
        assert lift is not None
        assert lift < size.planned_lift + 0.001


def test_chances_that_are_foretold_well_find_more() -> None:
    plain, helped = smallest_lift(trial(1500, saved=0)), smallest_lift(trial(1500, saved=0.5))
    assert plain is not None
    assert helped is not None
    assert helped < plain * 0.8
