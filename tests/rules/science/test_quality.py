"""How well chances were foretold."""

import pytest

from rules.science.model import chance_of
from rules.science.quality import auc, brier, level_set, quality, widest_gap


def test_the_right_order_is_perfect_and_ties_are_a_coin() -> None:
    assert auc([0.1, 0.4, 0.9], [False, False, True]) == 1
    assert auc([0.9, 0.4, 0.1], [False, False, True]) == 0
    assert auc([0.5, 0.5, 0.5, 0.5], [False, True, False, True]) == 0.5


def test_the_distance_is_the_mean_of_its_squares() -> None:
    assert brier([0.5, 1.0], [True, False]) == pytest.approx((0.25 + 1) / 2)


def test_quality_says_of_how_many_it_speaks() -> None:
    found = quality([0.2, 0.7], [False, True])
    assert (found.members, found.auc) == (2, 1)


def test_of_one_kind_only_no_order_can_be_told() -> None:
    with pytest.raises(ValueError, match="one kind"):
        auc([0.2, 0.7], [True, True])


def test_the_widest_gap_is_that_of_the_worst_tenth() -> None:
    chances = [0.1] * 90 + [0.9] * 10
    assert widest_gap(chances, [False] * 90 + [True] * 10) == pytest.approx(0.1)
    assert widest_gap(chances, [False] * 100) == pytest.approx(0.9)


def test_setting_the_level_moves_all_by_the_same() -> None:
    set_right = level_set([-1.0, 0.0, 2.0], 0.3)
    assert sum(set_right) / 3 == pytest.approx(0.3, abs=1e-9)
    assert set_right == sorted(set_right)
    assert level_set([0.5], chance_of(0.5)) == pytest.approx([chance_of(0.5)])
