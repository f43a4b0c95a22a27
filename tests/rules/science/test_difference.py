"""The adjusted difference against an ordinary regression, and what it must not be moved by."""

from collections.abc import Sequence
from itertools import pairwise
from math import isclose, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.science.difference import (
    Estimate,
    SideSums,
    Stratum,
    both_sides,
    can_tell,
    difference,
    pooled,
)

Episode = tuple[float, bool]

chances = st.integers(1, 99).map(lambda percent: percent / 100)
sides = st.lists(st.tuples(chances, st.booleans()), min_size=10, max_size=40)


def sums(episodes: Sequence[Episode]) -> SideSums:
    return SideSums(
        len(episodes),
        sum(x for x, _ in episodes),
        sum(x * x for x, _ in episodes),
        sum(came for _, came in episodes),
        sum(x for x, came in episodes if came),
    )


def spread(episodes: Sequence[Episode]) -> bool:
    return len({x for x, _ in episodes}) > 1


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By Gauss and Jordan."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        best = max(range(place, len(rows)), key=lambda i: abs(rows[i][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for i, row in enumerate(rows):
            if i != place:
                rows[i] = [a - row[place] * b for a, b in zip(row, rows[place], strict=True)]
    return [row[-1] for row in rows]


def error_at(episodes: Sequence[Episode], at: float) -> float:
    """The standard error of the line through one side, where the chance is `at`."""
    rows = [([1.0, x - at], float(y)) for x, y in episodes]
    square = [[sum(r[i] * r[j] for r, _ in rows) for j in range(2)] for i in range(2)]
    line = solved(square, [sum(r[i] * y for r, y in rows) for i in range(2)])
    left = sum((y - line[0] - line[1] * r[1]) ** 2 for r, y in rows) / (len(rows) - 2)
    return sqrt(left * solved(square, [1.0, 0.0])[0])


def regression(mine: Sequence[Episode], other: Sequence[Episode]) -> float:
    """The coefficient of the side in outcome ~ 1 + side + x + side·x, x from its mean."""
    both = [(x, y, 1.0) for x, y in mine] + [(x, y, 0.0) for x, y in other]
    mean = sum(x for x, _, _ in both) / len(both)
    rows = [([1.0, side, x - mean, side * (x - mean)], float(y)) for x, y, side in both]
    square = [[sum(r[i] * r[j] for r, _ in rows) for j in range(4)] for i in range(4)]
    return solved(square, [sum(r[i] * y for r, y in rows) for i in range(4)])[1]


@given(mine=sides.filter(spread), other=sides.filter(spread))
def test_it_is_the_regression_with_a_slope_for_each_side(
    mine: list[Episode], other: list[Episode]
) -> None:
    found = difference(sums(mine), sums(other))
    assert found is not None
    assert isclose(found.points, regression(mine, other), abs_tol=1e-6)
    middle = sum(x for x, _ in (*mine, *other)) / (len(mine) + len(other))
    errors = [error_at(side, middle) for side in (mine, other)]
    assert isclose(found.error, sqrt(errors[0] ** 2 + errors[1] ** 2), rel_tol=1e-5, abs_tol=1e-6)


@given(mine=sides, other=sides, by=st.sampled_from([0.25, 0.5, 2.0]))
def test_chances_that_are_all_off_alike_change_nothing(
    mine: list[Episode], other: list[Episode], by: float
) -> None:
    before = difference(sums(mine), sums(other))
    after = difference(*(sums([(x * by + 0.125, y) for x, y in side]) for side in (mine, other)))
    assert before is not None
    assert after is not None
    assert isclose(before.points, after.points, abs_tol=1e-6)
    assert isclose(before.error, after.error, abs_tol=1e-6)


@given(mine=sides, other=sides)
def test_the_other_way_round_it_is_the_same_with_the_other_sign(
    mine: list[Episode], other: list[Episode]
) -> None:
    there, back = difference(sums(mine), sums(other)), difference(sums(other), sums(mine))
    assert there is not None
    assert back is not None
    assert isclose(there.points, -back.points, abs_tol=1e-9)
    assert isclose(there.error, back.error, abs_tol=1e-9)


@pytest.mark.parametrize("chance", [0.0, 0.1, 0.37])
def test_without_a_spread_of_chances_the_shares_are_compared(chance: float) -> None:
    mine = sums([(chance, place < 24) for place in range(60)])
    other = sums([(chance, place < 9) for place in range(30)])
    found = difference(mine, other)
    assert found is not None
    assert isclose(found.points, 24 / 60 - 9 / 30)
    assert isclose(found.error, sqrt(24 * 0.6 / 59 / 60 + 9 * 0.7 / 29 / 30))


def test_good_chances_make_it_surer_and_set_right_who_was_drawn() -> None:
    # The lot gave this side the likelier ones: 40 of 50 come anyway, against 30 of 50.
    likely, unlikely = [(0.9, True)] * 9 + [(0.9, False)], [(0.1, True)] + [(0.1, False)] * 9
    mine, other = likely * 4 + unlikely, likely * 2 + unlikely * 3
    adjusted = difference(sums(mine), sums(other))
    plain = difference(*(sums([(0.0, y) for _, y in side]) for side in (mine, other)))
    assert adjusted is not None
    assert plain is not None
    assert isclose(adjusted.points, 0, abs_tol=1e-9)
    assert isclose(plain.points, 0.32)
    assert adjusted.error < plain.error * 0.8


def test_a_side_of_one_tells_nothing() -> None:
    many = sums([(0.5, place % 2 == 0) for place in range(40)])
    assert difference(sums([(0.5, True)]), many) is None
    assert difference(many, SideSums()) is None
    assert pooled([]) is None
    assert pooled([Stratum(SideSums(), many)]) is None


@pytest.mark.parametrize(
    ("episodes", "came", "enough"),
    [(10, 5, True), (9, 4, False), (400, 396, False), (400, 4, False), (400, 395, True)],
)
def test_ten_of_each_side_and_five_of_each_outcome_are_needed(
    episodes: int, came: int, *, enough: bool
) -> None:
    side, other = SideSums(episodes, came=came), SideSums(40, came=20)
    assert can_tell(side, other) is enough
    assert can_tell(other, side) is enough


@given(parts=st.lists(st.tuples(sides, sides), min_size=1, max_size=4))
def test_alike_strata_are_averaged_over_their_episodes(
    parts: list[tuple[list[Episode], list[Episode]]],
) -> None:
    strata = [Stratum(sums(mine), sums(other)) for mine, other in parts]
    found, each = pooled(strata), [difference(*stratum) for stratum in strata]
    assert found is not None
    points = [one.points for one in each if one is not None]
    assert min(points) - 1e-9 <= found.points <= max(points) + 1e-9
    assert found.error <= max(one.error for one in each if one is not None) + 1e-9
    added = both_sides(strata)
    assert added.mine == sums([episode for mine, _ in parts for episode in mine]) or isclose(
        added.mine.x, sum(x for mine, _ in parts for x, _ in mine)
    )


def test_a_stratum_weighs_as_its_episodes_do_whatever_share_is_held_back() -> None:
    """Less is held back since it looked well: what looked well must not weigh the more by it."""
    first = Stratum(SideSums(70, came=35), SideSums(30, came=9))
    second = Stratum(SideSums(270, came=81), SideSums(30, came=9))
    found = pooled([first, second])
    assert found is not None
    assert isclose(found.points, (0.2 * 100 + 0.0 * 300) / 400)


def test_what_came_since_it_was_decided_makes_it_surer() -> None:
    known = Stratum(SideSums(700, came=350), SideSums(300, came=90))
    since = Stratum(SideSums(1800, came=900), SideSums(200, came=60))
    alone, both = pooled([known]), pooled([known, since])
    assert alone is not None
    assert both is not None
    assert both.error < alone.error


def test_a_stratum_with_few_on_a_side_waits() -> None:
    known = Stratum(SideSums(70, came=35), SideSums(30, came=9))
    few = Stratum(SideSums(90, came=45), SideSums(9, came=9))
    assert pooled([known, few]) == pooled([known])
    assert pooled([few]) is None


def test_a_journey_with_another_level_does_not_mix_in() -> None:
    """Members of the busy journey came more often whether written to or not."""
    busy = Stratum(SideSums(90, came=81), SideSums(10, came=9))
    quiet = Stratum(SideSums(10, came=1), SideSums(90, came=9))
    found = pooled([busy, quiet])
    assert found is not None
    assert isclose(found.points, 0, abs_tol=1e-12)


def test_over_many_draws_it_is_right_and_as_far_off_as_it_says() -> None:
    random = Random(14)
    found: list[Estimate] = []
    for _ in range(400):
        drawn: list[tuple[list[Episode], list[Episode]]] = [([], []) for _ in range(2)]
        for _ in range(120):
            chance, journey = random.betavariate(1.5, 1.5), random.randrange(2)
            held = random.random() < 0.3
            came = random.random() < min(1, chance + (0 if held else 0.1))
            drawn[journey][held].append((min(1, chance * 0.8 + random.random() * 0.2), came))
        each = pooled([Stratum(sums(mine), sums(other)) for mine, other in drawn])
        assert each is not None
        found.append(each)
    mean = sum(each.points for each in found) / len(found)
    off = sqrt(sum((each.points - mean) ** 2 for each in found) / len(found))
    said = sum(each.error for each in found) / len(found)
    assert abs(mean - 0.095) < 0.012
    assert 0.9 < said / off < 1.15


def test_errors_fall_as_episodes_come_in() -> None:
    grown = [difference(SideSums(7 * n, came=3 * n), SideSums(3 * n, came=n)) for n in (4, 40, 400)]
    errors = [each.error for each in grown if each is not None]
    assert all(later < earlier / 3 for earlier, later in pairwise(errors))
