"""The models that a club goes by."""

import json
from dataclasses import replace
from datetime import date
from math import exp, log

import pytest

from rules.science.learned import LEVEL_FROM, PRIOR, kept, models_of, priors
from rules.science.model import HORIZONS
from rules.science.pattern import VisitPattern
from rules.science.quality import Quality
from rules.science.rhythm import rhythm_of
from tests.rules.science.foretelling import expecting


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
    assert not any(PRIOR.knows_level(horizon) for horizon in HORIZONS)
    assert PRIOR.told_by is None
    counts = {14: LEVEL_FROM, 30: LEVEL_FROM - 1, 60: LEVEL_FROM + 1}
    qualities = {horizon: Quality(count, 0.8, 0.1) for horizon, count in counts.items()}
    models = replace(PRIOR, qualities=qualities)
    assert [each for each in HORIZONS if models.knows_level(each)] == [14, 60]
    assert models.told_by == 14
    assert replace(PRIOR, qualities=dict.fromkeys(HORIZONS, qualities[60])).told_by == 30


def test_a_chance_within_any_days_lies_between_those_of_the_horizons_around() -> None:
    pattern = regular(20)
    chances = [PRIOR.chance_within(pattern, days) for days in range(1, 181)]
    assert chances == sorted(chances)
    for horizon in HORIZONS:
        assert chances[horizon - 1] == PRIOR.by_horizon[horizon].chance(pattern)
    # Between 14 and 30 days, halfway by their logarithm: halfway between the log odds.
    odds = [log(p / (1 - p)) for p in (chances[13], chances[29])]
    halfway = exp((log(14) + log(30)) / 2)
    assert log(1 / (1 / PRIOR.chance_within(pattern, halfway) - 1)) == pytest.approx(sum(odds) / 2)
    assert chances[0] == chances[13]
    assert chances[179] == chances[59]


def test_the_horizon_goes_with_the_own_rhythm() -> None:
    assert PRIOR.for_rhythm_of(regular(0)).horizon == 30
    monthly = VisitPattern(9, 0, 240, 3.0, rhythm_of([30] * 8))
    assert PRIOR.for_rhythm_of(monthly).horizon == 60


def test_models_are_written_down_and_read_again() -> None:
    learned = replace(
        PRIOR,
        fitted_on=date(2026, 11, 3),
        qualities={30: Quality(812, 0.84, 0.16), 60: Quality(700, 0.83, 0.15)},
        visits=expecting(0.1, spread=0.3, members=812),
    )
    for models in (PRIOR, learned):
        assert models_of(json.loads(json.dumps(kept(models)))) == models


def test_what_was_kept_before_visits_were_foretold_is_read() -> None:
    before = {name: each for name, each in kept(PRIOR).items() if name != "visits"}
    assert models_of(before).visits == PRIOR.visits
    with pytest.raises(ValueError, match="22 weights"):
        models_of({**before, "visits": {"30": [[0.1], 0.2, 80]}})


def test_models_that_another_version_wrote_are_said_to_be_so() -> None:
    other = kept(PRIOR)
    fewer = {**other, "weights": {**other["weights"], "30": [0.1, 0.2]}}
    with pytest.raises(ValueError, match="22 weights"):
        models_of(fewer)
    with pytest.raises(ValueError, match="models are for"):
        models_of({**other, "weights": {"30": other["weights"]["30"]}})
