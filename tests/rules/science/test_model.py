"""The chance to come again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.science.model import ReturnModel, chance_of, horizon_for
from rules.science.pattern import NUMBERS, VisitPattern, numbers
from rules.science.rhythm import rhythm_of

WEIGHTS = st.lists(st.floats(-2, 2), min_size=NUMBERS, max_size=NUMBERS)
PATTERNS = st.builds(
    VisitPattern,
    days=st.integers(1, 300),
    silence=st.integers(0, 700),
    age=st.integers(0, 900),
    recent=st.floats(0.01, 60),
    rhythm=st.lists(st.integers(1, 300), max_size=8).map(rhythm_of),
    yen=st.floats(0, 20_000),
)


@given(WEIGHTS, PATTERNS, st.sampled_from((14, 30, 60)))
def test_the_log_odds_are_the_numbers_times_the_weights(
    weights: list[float], pattern: VisitPattern, horizon: int
) -> None:
    model = ReturnModel(horizon, tuple(weights))
    by_hand = sum(w * n for w, n in zip(weights, numbers(pattern, horizon), strict=True))
    assert model.log_odds(pattern) == pytest.approx(by_hand, rel=1e-9, abs=1e-6)
    assert model.chance(pattern) == chance_of(model.log_odds(pattern))


def test_a_chance_is_neither_below_nothing_nor_above_all() -> None:
    assert 0 < chance_of(-1e9) < 1e-8
    assert 1 - 1e-8 < chance_of(1e9) < 1


def test_a_model_without_all_its_weights_is_none() -> None:
    with pytest.raises(ValueError, match="22 weights, not 3"):
        ReturnModel(30, (1.0, 2.0, 3.0))


@pytest.mark.parametrize(
    ("gap", "horizon"), [(1, 14), (7, 14), (8, 30), (15, 30), (16, 60), (90, 60)]
)
def test_the_horizon_is_twice_the_usual_gap(gap: float, horizon: int) -> None:
    assert horizon_for(gap) == horizon
