"""The models that a club goes by."""

from dataclasses import replace

import pytest

from rules.science.learned import LEVEL_FROM, PRIOR, priors
from rules.science.model import HORIZONS
from rules.science.pattern import VisitPattern
from rules.science.rhythm import rhythm_of


def regular(silence: int) -> VisitPattern:
    """Somebody who came every week for half a year, and then no more."""
    return VisitPattern(26, 0, 175, 9.0, rhythm_of([7] * 8)).after(silence)


def test_a_prior_is_shipped_for_each_horizon_and_can_be_learned_from() -> None:
    assert set(priors()) == set(HORIZONS)
    for prior in priors().values():
        assert all(
            prior.information[i][j] == prior.information[j][i] for i in range(22) for j in range(22)
        )


@pytest.mark.parametrize("horizon", HORIZONS)
def test_a_chance_falls_with_silence(horizon: int) -> None:
    chances = [PRIOR.by_horizon[horizon].chance(regular(silence)) for silence in (0, 45, 120)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.75 > 0.5 > chances[-1]


def test_a_level_is_believed_from_some_members_on() -> None:
    assert not PRIOR.knows_level
    assert not replace(PRIOR, members=LEVEL_FROM - 1).knows_level
    assert replace(PRIOR, members=LEVEL_FROM).knows_level


def test_the_horizon_goes_with_the_own_rhythm() -> None:
    assert PRIOR.for_rhythm_of(regular(0)).horizon == 30
    monthly = VisitPattern(9, 0, 240, 3.0, rhythm_of([30] * 8))
    assert PRIOR.for_rhythm_of(monthly).horizon == 60
