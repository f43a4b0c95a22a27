"""The range that holds however often it is looked at."""

from math import isclose, log, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.science.difference import Estimate
from rules.science.interval import Interval, always_valid, half_width, verdict

errors = st.floats(1e-4, 0.4)
lifts = st.floats(0.01, 0.3)


def test_it_is_as_wide_as_the_mixture_says() -> None:
    phi = 1 / 0.08**2
    wide = 0.03 * sqrt((1 + phi * 0.0009) * (log(1 + 1 / (phi * 0.0009)) + 2 * log(20)))
    low, high = always_valid(Estimate(0.05, 0.03), 0.08)
    assert isclose(high - 0.05, wide)
    assert isclose(0.05 - low, wide)


@given(error=errors, planned=lifts)
def test_it_is_wider_than_a_range_for_one_look(error: float, planned: float) -> None:
    assert half_width(error, planned) > 1.96 * error


@given(error=errors, planned=lifts, more=st.floats(1.05, 4))
def test_the_less_is_known_the_wider_it_is(error: float, planned: float, more: float) -> None:
    assert half_width(error * more, planned) > half_width(error, planned)


@given(points=st.floats(-1, 1), error=st.floats(0, 2), planned=lifts)
def test_it_holds_what_was_found_and_nothing_impossible(
    points: float, error: float, planned: float
) -> None:
    low, high = always_valid(Estimate(points, error), planned)
    assert -1 <= low <= points <= high <= 1


@pytest.mark.parametrize("error", [0.0, 1e-12])
def test_no_error_is_no_certainty(error: float) -> None:
    assert always_valid(Estimate(0.4, error), 0.08) == Interval(-1, 1)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.001, 0.2, "more"), (-0.2, -0.001, "fewer"), (0, 0.2, "unknown"), (-0.1, 0.1, "unknown")],
)
def test_only_a_range_on_one_side_of_nothing_is_a_verdict(
    low: float, high: float, said: str
) -> None:
    assert verdict(Interval(low, high)) == said


def test_who_looks_at_every_step_sees_it_wrong_in_few_tests() -> None:
    """1,000 steps each; a range for one look would be wrong in most of them."""
    random = Random(14)
    wrong = once = 0
    for _ in range(300):
        total, missed, missed_once = 0.0, False, False
        for step in range(1, 1001):
            total += random.gauss(0, 0.5)
            error = 0.5 / sqrt(step)
            missed |= abs(total / step) > half_width(error, 0.08)
            missed_once |= abs(total / step) > 1.96 * error
        wrong += missed
        once += missed_once
    assert wrong <= 0.05 * 300
    assert once > 0.3 * 300
