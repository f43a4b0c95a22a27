"""Figures of surveys, against what is worked out by hand, and how often their margins hold."""

from math import sqrt
from random import Random

import pytest

from rules.science.scores import ANSWERS_MIN, gap_of, mean_of, nps_of


def test_an_nps_is_promoters_less_detractors_with_the_margin_of_the_book() -> None:
    # 50 promoters, 30 passives, 20 detractors: 30; variance 0.7 - 0.09 = 0.61.
    found = nps_of([9, 10] * 25 + [7, 8] * 15 + [0, 6] * 10)
    assert found is not None
    assert (found.promoters, found.passives, found.detractors) == (50, 30, 20)
    assert found.score == pytest.approx(30)
    assert found.margin == pytest.approx(100 * 1.959964 * sqrt(0.61 / 100), rel=1e-4)
    assert nps_of([]) is None


def test_too_few_answers_have_no_margin() -> None:
    few, enough = [4] * (ANSWERS_MIN - 1), [4, 5] * (ANSWERS_MIN // 2)
    found, other, nps = mean_of(few), mean_of(enough), nps_of(few)
    assert found is not None
    assert found.margin is None
    assert other is not None
    assert other.margin is not None
    assert nps is not None
    assert nps.margin is None
    assert mean_of([]) is None


def test_a_gap_is_of_the_same_members() -> None:
    found = gap_of([(5, 3), (4, 4), (3, 5)])
    assert found is not None
    assert (found.before, found.after, found.gap.mean, found.gap.margin) == (4, 4, 0, None)
    assert gap_of([]) is None


def test_the_margin_of_an_nps_holds_as_often_as_it_says() -> None:
    random = Random(1)
    shares, true = (0.45, 0.35, 0.20), 25.0
    held = 0
    for _ in range(400):
        found = nps_of(random.choices((10, 8, 3), weights=shares, k=60))
        assert found is not None
        assert found.margin is not None
        held += abs(found.score - true) <= found.margin
    assert 0.92 <= held / 400 <= 0.98
