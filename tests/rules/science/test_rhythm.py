"""A member's own rhythm."""

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.science.rhythm import LOG_ODDS_MAX, NO_RHYTHM, OwnRhythm, log_odds, rhythm_of

GAPS = st.lists(st.integers(1, 400), max_size=12)


def test_who_came_once_is_lent_two_weeks() -> None:
    assert NO_RHYTHM.usual_gap == pytest.approx(14)
    assert NO_RHYTHM.spread == pytest.approx((1 + 1 / 2.5) ** 0.5)


def test_a_steady_member_has_a_narrow_rhythm_of_their_own() -> None:
    steady = rhythm_of([50] * 8)
    assert 35 < steady.usual_gap < 50
    assert steady.spread < NO_RHYTHM.spread


def test_only_the_last_eight_gaps_count() -> None:
    assert rhythm_of([300, *[7] * 8]) == rhythm_of([7] * 8)


def test_a_silence_beyond_all_gaps_is_told_as_rarely_as_it_is() -> None:
    weekly = OwnRhythm(mean=1.95, spread=0.2)
    chances = [1 / (1 + exp(-log_odds(weekly, silence, 14))) for silence in (0, 7, 30, 300)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.99
    assert log_odds(OwnRhythm(mean=1.95, spread=0.05), 365, 14) > -LOG_ODDS_MAX


@given(GAPS, st.integers(0, 2_000), st.sampled_from((14, 30, 60)))
def test_odds_are_bounded_and_rise_with_the_horizon(
    gaps: list[int], silence: int, horizon: int
) -> None:
    rhythm = rhythm_of(gaps)
    odds = log_odds(rhythm, silence, horizon)
    assert -LOG_ODDS_MAX <= odds <= LOG_ODDS_MAX < inf
    assert odds <= log_odds(rhythm, silence, horizon + 14)
