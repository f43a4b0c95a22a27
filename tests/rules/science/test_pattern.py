"""What a member's visits look like, and the numbers that the model reads in it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import HALF_LIFE_DAYS, Facts, changed, newcomer
from rules.science.lessons import Visits
from rules.science.pattern import NUMBERS, VisitPattern, numbers, pattern_of
from tests.rules.builders import JOINED, at

NEW = newcomer(JOINED, at(JOINED), "counter")


def came(*after: int) -> Facts:
    """Who came so many days after joining, in that order."""
    facts = NEW
    for days in after:
        day = JOINED + timedelta(days=days)
        facts = changed(
            facts.came_on(day), first_visit_on=facts.first_visit_on or day, last_visit_on=day
        )
    return facts


def pattern(facts: Facts, day: date) -> VisitPattern:
    found = pattern_of(facts, day)
    assert found is not None
    return found


def test_who_never_came_has_no_pattern() -> None:
    assert pattern_of(NEW, JOINED) is None


@given(st.lists(st.integers(0, 900), min_size=1, max_size=30), st.integers(0, 400))
def test_the_facts_hold_what_the_list_of_visits_does(after: list[int], later: int) -> None:
    days = sorted(set(after))
    facts = came(*sorted(after))
    day = JOINED + timedelta(days=days[-1] + later)
    listed = Visits([(JOINED + timedelta(days=each)).toordinal() for each in days], [0] * len(days))
    told = listed.until(day.toordinal())
    assert told is not None
    mine = pattern(facts, day)
    assert (mine.days, mine.silence, mine.age) == (told.days, told.silence, told.age)
    assert mine.recent == pytest.approx(told.recent)
    assert mine.rhythm == told.rhythm


def test_a_day_told_late_counts_as_if_it_had_been_told_in_time() -> None:
    in_time, late = came(0, 30, 60), came(0, 60).came_on(JOINED + timedelta(days=30))
    assert late.recent == pytest.approx(in_time.recent)
    assert late.visit_day_count == in_time.visit_day_count == 3


def test_two_visits_on_a_day_are_one_day() -> None:
    assert came(0, 5, 5).visit_day_count == 2


def test_who_rested_is_silent_from_coming_back_on() -> None:
    facts = came(0, 10)
    back = JOINED + timedelta(days=70)
    rested = facts.with_membership("paused", JOINED + timedelta(days=20))
    returned = rested.with_membership("active", back)
    assert pattern(returned, back + timedelta(days=3)).silence == 3
    assert pattern(facts, back + timedelta(days=3)).silence == 63


def test_a_visit_weighs_half_after_the_half_life() -> None:
    there = pattern(came(0), JOINED + timedelta(days=HALF_LIFE_DAYS))
    assert there.recent == pytest.approx(0.5)
    assert pattern(came(0), JOINED).after(HALF_LIFE_DAYS) == there


def test_the_model_reads_as_many_numbers_as_it_has_weights() -> None:
    assert len(numbers(pattern(came(0, 7, 20), JOINED + timedelta(days=30)), 30)) == NUMBERS
