"""Who is drifting away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from rules.facts import changed
from rules.science.drift import LINE, LOOKED_AT, drift_on, drifts_after
from rules.science.learned import PRIOR, ReturnModels
from rules.science.model import HORIZONS, ReturnModel
from rules.science.pattern import VisitPattern
from rules.science.rhythm import rhythm_of
from rules.shop import add_months
from tests.rules.builders import JOINED, club

from .test_model import PATTERNS
from .test_pattern import NEW, came

SHOP = club().shop
#: A model that sees nothing but the silence: -0.5 + 3.87 b - 1.7 b² (`numbers`).
SALON = (-0.5, 0.0, 3.87, *[0.0] * 8, -1.7, *[0.0] * 10)


def test_who_never_came_does_not_drift() -> None:
    assert drift_on(PRIOR, SHOP, NEW) is None


def test_who_came_every_week_drifts_before_two_months() -> None:
    facts = came(*range(0, 140, 7))
    day = drift_on(PRIOR, SHOP, facts)
    assert day is not None
    assert 10 <= (day - facts.away_since).days < 60


def test_a_rhythm_of_fifty_days_is_not_lapsed_after_two_months() -> None:
    facts = came(*range(0, 600, 50))
    day = drift_on(PRIOR, SHOP, facts)
    assert day is not None
    assert day > add_months(facts.away_since, 2)


def test_who_came_once_drifts_after_two_months_unless_the_model_speaks_earlier() -> None:
    facts = came(0)
    day = drift_on(PRIOR, SHOP, facts)
    assert day is not None
    assert JOINED + timedelta(days=7) < day <= add_months(JOINED, 2)


def test_days_on_which_the_shop_is_shut_put_it_off() -> None:
    facts = came(*range(0, 140, 7))
    since = facts.away_since
    closed = {"on": since + timedelta(days=1), "until": since + timedelta(days=5)}
    shut = club(shop={"closed": [closed]}).shop
    plain, later = drift_on(PRIOR, SHOP, facts), drift_on(PRIOR, shut, facts)
    assert plain is not None
    assert later == plain + timedelta(days=5)


@given(PATTERNS)
def test_it_is_the_first_day_that_the_fall_passes_the_line(pattern: VisitPattern) -> None:
    at_last = replace(pattern, silence=0)
    model = PRIOR.for_rhythm_of(at_last)
    found = drifts_after(PRIOR, at_last)
    chances = {day: model.chance(at_last.after(day)) for day in range(1 + (found or 366))}
    looked_at = [chances[day] for day in LOOKED_AT if day in chances]
    if found is None:
        if at_last.days == 1:
            looked_at = looked_at[: LOOKED_AT.index(60) + 1]
        falls = (max(looked_at[: at + 1]) - low for at, low in enumerate(looked_at))
        assert max(falls) < LINE
    else:
        before = max(chances[day] for day in LOOKED_AT if day < found)
        assert chances[found] <= before - LINE < chances[found - 1]


def test_it_is_the_fall_from_the_highest_which_may_be_weeks_after_the_visit() -> None:
    """Hardly anybody has their hair cut twice within a month; later all do, or don't again."""
    models = ReturnModels({each: ReturnModel(each, SALON) for each in HORIZONS})
    at_last = VisitPattern(10, 0, 450, 2.0, rhythm_of([50] * 8))
    model = models.for_rhythm_of(at_last)
    chances = [model.chance(at_last.after(days)) for days in (0, 30, 75)]
    assert chances[0] < chances[1] - LINE
    found = drifts_after(models, at_last)
    assert found is not None
    assert 45 < found < 75


@pytest.mark.parametrize("visits", [1, 2, 60])
def test_a_visit_asks_for_few_chances(visits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[VisitPattern] = []
    chance = ReturnModel.chance

    def counted(model: ReturnModel, pattern: VisitPattern) -> float:
        asked.append(pattern)
        return chance(model, pattern)

    monkeypatch.setattr(ReturnModel, "chance", counted)
    drift_on(PRIOR, SHOP, came(*range(0, visits * 3, 3)))
    assert len(asked) <= len(LOOKED_AT) + 6


def test_resting_puts_it_off_to_after_coming_back() -> None:
    facts = came(*range(0, 140, 7))
    back = facts.away_since + timedelta(days=50)
    rested = facts.with_membership("paused", facts.away_since + timedelta(days=2))
    returned = changed(rested.with_membership("active", back))
    day = drift_on(PRIOR, SHOP, returned)
    assert day is not None
    assert day > back
