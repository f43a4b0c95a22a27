"""How somebody's visits go on, and whether they were away for long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import VISITS_KEPT, Facts, changed
from rules.outlook.returning import (
    HIGH_FROM,
    LOW_BELOW,
    level_of,
    long_absence,
    return_outlook,
    usual_gaps,
)
from rules.science.drift import LINE, drift_on
from rules.science.learned import PRIOR
from tests.rules.builders import JOINED, club
from tests.rules.science.foretelling import falling
from tests.rules.science.test_pattern import NEW, came

SHOP = club().shop
#: Drifting is who stays away for nine days, as little as the examples say.
MODELS = falling(0.91, 0.52, after=19)


def _on(days: int) -> date:
    return JOINED + timedelta(days=days)


@pytest.mark.parametrize(
    ("gaps", "usual"),
    [
        ((5, 5, 9, 9), (5, 9)),
        ((7, 7, 7, 7), (7, 7)),
        # One long gap is no part of how they usually come, and the first of nine is forgotten.
        ((60, 7, 7, 7, 8, 8, 8, 8, 90), (7, 8)),
        ((5, 9, 5), None),
        ((), None),
    ],
)
def test_the_usual_is_the_middle_half_of_the_last_gaps(
    gaps: tuple[int, ...], usual: tuple[int, int] | None
) -> None:
    days = [JOINED]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    assert usual_gaps(days) == usual


def test_who_is_away_is_told_by_their_own_horizon() -> None:
    found = return_outlook(MODELS, SHOP, came(*range(0, 60, 3)), _on(57 + 19))
    assert found is not None
    assert (found.horizon, found.away, found.usual, found.drifts) == (14, 19, (3, 3), True)
    assert (found.chance, found.best) == (pytest.approx(0.52), pytest.approx(0.91))
    assert found.best_after == 0
    rare = return_outlook(MODELS, SHOP, came(*range(0, 600, 50)), _on(550 + 1))
    assert rare is not None
    assert (rare.horizon, rare.drifts) == (60, False)


@pytest.mark.parametrize(
    "facts",
    [NEW, came(0).with_membership("paused", _on(1)), came(0).with_membership("left", _on(1))],
    ids=["never", "paused", "left"],
)
def test_nothing_is_foretold_of_who_never_came_or_does_not_come_now(facts: Facts) -> None:
    assert return_outlook(MODELS, SHOP, facts, _on(30)) is None


def test_nothing_is_foretold_on_the_day_of_a_visit_or_of_resuming() -> None:
    facts = came(0, 7)
    assert return_outlook(MODELS, SHOP, facts, _on(7)) is None
    assert return_outlook(MODELS, SHOP, facts, _on(8)) is not None
    resumed = facts.with_membership("paused", _on(10)).with_membership("active", _on(40))
    assert return_outlook(MODELS, SHOP, resumed, _on(40)) is None
    later = return_outlook(MODELS, SHOP, resumed, _on(42))
    assert later is not None
    assert (later.away, later.resumed) == (2, True)


def test_who_drifts_is_never_told_to_be_likely_to_come() -> None:
    assert level_of(1 - LINE - 1e-9) == "medium"
    assert (level_of(HIGH_FROM), level_of(LOW_BELOW), level_of(LOW_BELOW - 1e-9)) == (
        "high", "medium", "low",
    )  # fmt: skip


def _absence_before(facts: Facts, gap: int) -> int:
    """What a visit `gap` days after the last one ended."""
    assert facts.last_visit_on is not None
    day = facts.last_visit_on + timedelta(days=gap)
    return long_absence(MODELS, SHOP, changed(facts.came_on(day), last_visit_on=day), day)


@given(st.lists(st.integers(1, 60), max_size=VISITS_KEPT - 2), st.integers(1, 200))
def test_an_absence_was_long_where_they_had_begun_to_drift(gaps: list[int], gap: int) -> None:
    before = came(*[sum(gaps[:end]) for end in range(len(gaps) + 1)])
    last = before.last_visit_on
    assert last is not None
    day = last + timedelta(days=gap)
    drifting = drift_on(PRIOR, SHOP, before)
    assert drifting is not None
    after = changed(before.came_on(day), last_visit_on=day)
    assert long_absence(PRIOR, SHOP, after, day) == (gap if drifting <= day else 0)


def test_an_absence_is_long_from_the_day_of_drifting_on() -> None:
    facts = came(0, 7, 14)
    drifting = drift_on(MODELS, SHOP, facts)
    assert drifting is not None
    days = (drifting - facts.away_since).days
    assert (_absence_before(facts, days - 1), _absence_before(facts, days)) == (0, days)


def test_who_rested_was_away_all_the_same() -> None:
    facts = came(0, 7, 14)
    rested = facts.with_membership("paused", _on(15)).with_membership("active", _on(90))
    assert _absence_before(rested, 76 + 1) == 77
    assert _absence_before(rested, 2) == 0


def test_a_visit_that_came_late_ended_the_absence_before_it() -> None:
    # Came on day 90 and 93; the scan of day 90 was sent only now.
    facts = changed(came(0, 7, 90, 93), spend=4_000)
    assert long_absence(MODELS, SHOP, facts, _on(90)) == 83
    assert long_absence(MODELS, SHOP, facts, _on(93)) == 0
    assert long_absence(MODELS, SHOP, facts, _on(92)) == 0


def test_a_first_visit_ends_no_absence_nor_does_a_second_on_its_day() -> None:
    assert long_absence(MODELS, SHOP, came(30), _on(30)) == 0
    assert long_absence(MODELS, SHOP, came(0, 90).came_on(_on(90)), _on(90)) == 90
    assert long_absence(MODELS, SHOP, came(0), _on(90)) == 0


@pytest.mark.parametrize("gap", [2, 7, 14, 32])
def test_by_what_is_shipped_who_comes_steadily_is_likely_to_on_the_day_of_a_visit(gap: int) -> None:
    """And hardly any more after five months; nor was it ever likely of who came but once."""
    steady, once = came(*range(0, 9 * gap, gap)), came(0)
    last = steady.last_visit_on or steady.joined_on
    found = return_outlook(PRIOR, SHOP, steady, last + timedelta(days=150))
    other = return_outlook(PRIOR, SHOP, once, _on(1))
    assert found is not None
    assert other is not None
    assert (level_of(found.best), level_of(found.chance)) == ("high", "low")
    assert level_of(other.best) == "low"
