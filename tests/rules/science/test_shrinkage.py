"""Journeys drawn towards the club's mean."""

from math import isclose
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.science.difference import Estimate
from rules.science.shrinkage import shrunk

estimates = st.builds(Estimate, st.floats(-0.5, 0.5), st.floats(0.003, 0.3))


@given(known=st.lists(estimates, min_size=1, max_size=8))
def test_it_stays_among_what_was_found(known: list[Estimate]) -> None:
    found = shrunk(known)
    low, high = (pick(each.points for each in known) for pick in (min, max))
    assert len(found) == len(known)
    for after in found:
        assert low - 1e-9 <= after.points <= high + 1e-9
        assert after.error > 0


@given(one=estimates)
def test_one_alone_stays_as_it_is(one: Estimate) -> None:
    (found,) = shrunk([one])
    assert isclose(found.points, one.points, abs_tol=1e-9)
    assert isclose(found.error, one.error, rel_tol=1e-6)


@given(known=st.lists(estimates, min_size=2, max_size=6), by=st.floats(-0.3, 0.3))
def test_all_higher_by_as_much_are_told_higher_by_as_much(known: list[Estimate], by: float) -> None:
    moved = shrunk([Estimate(each.points + by, each.error) for each in known])
    for before, after in zip(shrunk(known), moved, strict=True):
        assert isclose(before.points + by, after.points, abs_tol=1e-7)


def test_the_less_is_known_of_one_the_further_it_is_drawn() -> None:
    vague, sharp, _, _ = shrunk(
        [Estimate(0.3, 0.15), Estimate(0.3, 0.01), Estimate(0.05, 0.02), Estimate(0.07, 0.02)]
    )
    assert vague.points < 0.2
    assert sharp.points > 0.27


def test_two_that_found_the_same_are_not_taken_for_one() -> None:
    """A spread estimated from two may come out as nothing; then both would be told far too sure."""
    first, _ = shrunk([Estimate(0.06, 0.05), Estimate(0.06, 0.05)])
    assert isclose(first.points, 0.06)
    assert 0.05 / 2**0.5 < first.error < 0.05


def test_none_are_none() -> None:
    assert shrunk([]) == ()


def test_it_is_nearer_to_the_truth_than_what_was_found() -> None:
    random, off, off_before = Random(14), 0.0, 0.0
    for _ in range(200):
        true = [random.gauss(0.06, 0.03) for _ in range(5)]
        errors = zip(true, (0.02, 0.04, 0.06, 0.1, 0.15), strict=True)
        known = [Estimate(random.gauss(each, error), error) for each, error in errors]
        for truth, before, after in zip(true, known, shrunk(known), strict=True):
            off += (after.points - truth) ** 2
            off_before += (before.points - truth) ** 2
    assert off < off_before * 0.4
