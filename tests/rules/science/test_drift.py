"""Who is drifting away."""

from datetime import timedelta

from hypothesis import given

from rules.facts import changed
from rules.science.drift import LINE, drift_on, drifts_after
from rules.science.learned import PRIOR
from rules.science.model import horizon_for
from rules.science.pattern import VisitPattern
from rules.shop import add_months
from tests.rules.builders import JOINED, club

from .test_model import PATTERNS
from .test_pattern import NEW, came

SHOP = club().shop


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
    at_last = VisitPattern(
        pattern.days, 0, pattern.age, pattern.recent, pattern.rhythm, pattern.yen
    )
    model = PRIOR.by_horizon[horizon_for(at_last.rhythm.usual_gap)]
    limit = model.chance(at_last) - LINE
    found = drifts_after(PRIOR, at_last)
    if found is not None:
        assert model.chance(at_last.after(found)) <= limit
        assert model.chance(at_last.after(found - 1)) > limit


def test_resting_puts_it_off_to_after_coming_back() -> None:
    facts = came(*range(0, 140, 7))
    back = facts.away_since + timedelta(days=50)
    rested = facts.with_membership("paused", facts.away_since + timedelta(days=2))
    returned = changed(rested.with_membership("active", back))
    day = drift_on(PRIOR, SHOP, returned)
    assert day is not None
    assert day > back
