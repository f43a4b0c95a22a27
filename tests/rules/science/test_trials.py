"""Tests of messages, played out day by day: few are ever wrong, and what is there is found."""

from random import Random

import pytest

from tests.chance import examples
from tests.science.trials import (
    JOIN,
    JOURNEYS,
    LIFT,
    RHYTHM,
    Club,
    Row,
    outcome,
    played,
    upper_bound,
)


@pytest.mark.parametrize("lift", [LIFT, 0.0])
def test_who_looks_daily_at_a_small_club_s_tests_is_rarely_told_what_is_wrong(lift: float) -> None:
    runs = examples(20)
    found = outcome(Club(300, lift=lift), runs)
    assert found.wrong <= 0.12 * runs
    assert found.false <= 0.12 * runs
    assert abs(found.off) < 3 / runs**0.5
    if lift:
        assert found.found[0] > 0.15 * runs


def test_a_larger_club_finds_what_one_journey_brings_within_a_year() -> None:
    runs = examples(40)
    found = outcome(Club(2000, journeys=(RHYTHM,)), runs, lots=20)
    assert found.wrong <= 0.12 * runs
    assert found.found[0] > 0.7 * runs


def test_a_test_that_is_decided_and_goes_on_with_fewer_held_back_stays_right() -> None:
    runs = examples(20)
    found = outcome(Club(2000, journeys=(RHYTHM,), decided=0.1), runs, lots=20)
    assert found.wrong <= 0.12 * runs
    assert found.found[0] > 0.7 * runs
    assert abs(found.off) < 3 / runs**0.5


def test_the_clubs_are_such_as_the_kinds_guess() -> None:
    club = Club(1000)
    episodes = played(club, Random(14))
    months = 12 * club.members * (1 + JOIN * 6)
    due = [[each for each in episodes if each.journey == journey] for journey in JOURNEYS]
    reach = [len(of_one) / months for of_one in due]
    base = [sum(each.chance for each in of_one) / len(of_one) for of_one in due]
    # rhythm, lapsed, first_visit, one_short, reward_ready
    for mine, guessed in zip(reach, (0.1, 0.04, 0.04, 0.1, 0.05), strict=True):
        assert guessed / 2 < mine < guessed * 1.5
    for mine, guessed in zip(base, (0.4, 0.08, 0.35, 0.4, 0.3), strict=True):
        assert abs(mine - guessed) < 0.15
    held = sum(e.held for e in episodes) / len(episodes)
    assert 0.27 < held < 0.33
    assert all(e.day <= club.days for e in episodes)


def test_the_bound_is_clopper_s_and_pearson_s() -> None:
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100), abs=1e-4)
    assert upper_bound(1, 1) == pytest.approx(1, abs=1e-4)
    assert upper_bound(100, 2000) == pytest.approx(0.0588, abs=5e-4)


def test_a_club_s_row_says_what_came_of_it_and_what_is_asked() -> None:
    club = Club(60)
    line = Row(club, outcome(club, 2), outcome(club, 2), (0.4,)).line
    assert line.startswith("| 60 | all five | 30 % | ")
    assert "(≥ 40)" in line
