"""Learning from what other clubs taught, and from a club's own past."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.science.fitting import Prior, fit, most_likely, solve
from rules.science.learned import priors
from rules.science.model import chance_of
from rules.science.pattern import NUMBERS


def flat(information: float) -> Prior:
    lines = tuple(
        tuple(information if i == j else 0.0 for j in range(NUMBERS)) for i in range(NUMBERS)
    )
    return Prior(30, (0.0,) * NUMBERS, lines)


def test_without_a_past_the_prior_stands() -> None:
    prior = priors()[30]
    assert fit(prior, [], []).weights == pytest.approx(prior.mean)


def test_what_made_the_rows_is_found_again() -> None:
    draw = Random(1)
    true = [draw.uniform(-1, 1) for _ in range(NUMBERS)]
    rows = [[1.0, *(draw.gauss(0, 1) for _ in range(NUMBERS - 1))] for _ in range(4_000)]
    came = [
        draw.random() < chance_of(sum(w * x for w, x in zip(true, row, strict=True)))
        for row in rows
    ]
    weights, _ = most_likely(flat(1e-6), rows, came)
    assert weights == pytest.approx(true, abs=0.35)


def test_rows_that_part_perfectly_are_held_by_the_prior() -> None:
    rows = [[1.0, *[float(side)] * (NUMBERS - 1)] for side in (-5, 5) for _ in range(50)]
    model = fit(flat(1.0), rows, [side > 0 for side in (-5, 5) for _ in range(50)])
    assert all(abs(weight) < 5 for weight in model.weights)


def test_a_row_that_weighs_two_is_as_good_as_two() -> None:
    draw = Random(2)
    rows = [[1.0, *(draw.gauss(0, 1) for _ in range(NUMBERS - 1))] for _ in range(60)]
    came = [draw.random() < 0.4 for _ in rows]
    twice, _ = most_likely(flat(1.0), [*rows, *rows], [*came, *came])
    weighed, _ = most_likely(flat(1.0), rows, came, [2.0] * len(rows))
    assert weighed == pytest.approx(twice, abs=1e-6)


@given(st.integers(1, 8), st.integers(0, 10_000))
@settings(max_examples=50)
def test_a_system_is_solved(size: int, seed: int) -> None:
    draw = Random(seed)
    half = [[draw.gauss(0, 1) for _ in range(size)] for _ in range(size)]
    matrix = [
        [sum(a * b for a, b in zip(x, y, strict=True)) + (i == j) for j, y in enumerate(half)]
        for i, x in enumerate(half)
    ]
    right = [draw.gauss(0, 1) for _ in range(size)]
    found = solve(matrix, right)
    made = [sum(a * b for a, b in zip(line, found, strict=True)) for line in matrix]
    assert made == pytest.approx(right, abs=1e-6)


def test_a_matrix_that_is_not_positive_is_said_to_be_so() -> None:
    with pytest.raises(ValueError, match="not positive"):
        solve([[0.0]], [1.0])
