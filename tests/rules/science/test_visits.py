"""On how many days members are to be expected."""

from dataclasses import replace
from math import exp
from random import Random

import pytest

from rules.science.fitting import POISSON, Prior, most_likely
from rules.science.learned import PRIOR, expected_visits, visit_priors
from rules.science.lessons import learn, past, visits_learned, window
from rules.science.model import HORIZONS
from rules.science.pattern import NUMBERS, VisitPattern
from rules.science.rhythm import rhythm_of
from rules.science.visits import VISIT_HORIZONS, VisitModel, count_range, dispersion
from tests.rules.science.foretelling import expecting
from tests.rules.science.test_lessons import TODAY
from tests.science.simulated import LOOK, cafe


def regular(every: int, silence: int = 0) -> VisitPattern:
    """Somebody who came at even distances for half a year."""
    recent = sum(2 ** (-day / 60) for day in range(0, 180, every))
    return VisitPattern(180 // every, 0, 180, recent, rhythm_of([every] * 8)).after(silence)


def counted(draw: Random, mean: float) -> int:
    """By Poisson's law."""
    count, left = 0, draw.expovariate(1)
    while left < mean:
        count, left = count + 1, left + draw.expovariate(1)
    return count


def test_what_made_the_counts_is_found_again() -> None:
    draw = Random(1)
    true = [draw.uniform(-0.3, 0.3) for _ in range(NUMBERS)]
    rows = [[1.0, *(draw.gauss(0, 1) for _ in range(NUMBERS - 1))] for _ in range(1_500)]
    means = [exp(sum(w * x for w, x in zip(true, row, strict=True))) for row in rows]
    flat = tuple(tuple(1e-6 * (i == j) for j in range(NUMBERS)) for i in range(NUMBERS))
    prior = Prior(30, (0.0,) * NUMBERS, flat, POISSON)
    counts = [counted(draw, mean) for mean in means]
    weights, _ = most_likely(prior, rows, counts)
    assert weights == pytest.approx(true, abs=0.15)
    assert dispersion(means, counts) < 0.08
    # From a start so low the first step, unbounded, would leap beyond every number.
    again, _ = most_likely(prior, rows, counts, start=[-8.0, *[0.0] * (NUMBERS - 1)])
    assert again == pytest.approx(weights, abs=1e-3)


def test_the_spread_is_found_again() -> None:
    draw = Random(2)
    counts = [counted(draw, draw.gammavariate(2, 2)) for _ in range(5_000)]
    assert dispersion([4.0] * len(counts), counts) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("mean", "spread", "within"),
    [
        # Of tables of Poisson's law; then of a geometric one: spread 1, (1 - p)^(k + 1) left above.
        (3.0, 0.0, (1, 5)),
        (10.0, 0.0, (6, 14)),
        (0.05, 0.0, (0, 0)),
        (4.0, 1.0, (0, 10)),
        (0.0, 0.3, (0, 0)),
    ],
)
def test_a_range_is_that_of_the_law(mean: float, spread: float, within: tuple[int, int]) -> None:
    assert count_range(mean, spread) == within


@pytest.mark.parametrize("days", VISIT_HORIZONS)
def test_who_comes_often_is_expected_often_and_seldom_after_long(days: int) -> None:
    by_gap = [expected_visits(PRIOR, regular(every), days)[1] for every in (3, 7, 14, 30)]
    assert by_gap == sorted(by_gap, reverse=True)
    after = [expected_visits(PRIOR, regular(7, silence), days)[1] for silence in (0, 30, 90, 300)]
    assert after == sorted(after, reverse=True)
    assert 0.5 < by_gap[1] / (days / 7) < 1.2


def test_never_more_days_than_there_are_and_never_fewer_within_more() -> None:
    daily = replace(PRIOR, visits=expecting(40.0, spread=0.5))
    assert expected_visits(daily, regular(1), 30) == (7, 30.0, 30)
    endless = VisitModel(30, (1e6, *[0.0] * (NUMBERS - 1)), 0.2)
    assert endless.mean(regular(1)) == 30
    never = replace(endless, weights=(-1e6, *[0.0] * (NUMBERS - 1)))
    assert 0 < never.mean(regular(1)) < 1e-6
    assert never.range(never.mean(regular(1))) == (0, 0)
    fewer = replace(PRIOR, visits={30: expecting(0.2)[30], 60: expecting(0.05)[60]})
    assert expected_visits(fewer, regular(7), 60)[1] == expected_visits(fewer, regular(7), 30)[1]
    # Of what isn't told, since others' visits say it, nothing is kept to.
    untold = replace(fewer, visits={**fewer.visits, 30: expecting(0.2, members=0)[30]})
    assert expected_visits(untold, regular(7), 60)[1] == pytest.approx(60 * 0.05)


def test_a_club_learns_how_many_come_and_how_far_apart_that_is() -> None:
    club = cafe(450, seed=8)
    model = visits_learned(visit_priors()[30], past(club, LOOK, 30))
    ahead = window(club, LOOK, 30)
    assert model.members > 200
    means = [model.mean(each) for each in ahead.patterns]
    assert sum(means) == pytest.approx(sum(ahead.visits), rel=0.15)
    often = [(model.range(m), y) for m, y in zip(means, ahead.visits, strict=True) if m >= 1]
    held = sum(low <= y <= high for (low, high), y in often) / len(often)
    assert 0.75 < held < 0.95


def test_where_it_foretells_worse_or_nothing_is_known_what_is_shipped_holds() -> None:
    assert learn([], TODAY).visits == PRIOR.visits
    assert not any(PRIOR.knows_visits(each) for each in VISIT_HORIZONS)
    shipped, seen = visit_priors()[60], past(cafe(80, seed=8), LOOK, 60)
    turned = seen._replace(last=replace(seen.last, visits=[60 - each for each in seen.last.visits]))
    assert visits_learned(shipped, seen).members > 0
    backwards = replace(shipped, prior=replace(shipped.prior, mean=(4.0, *[0.0] * (NUMBERS - 1))))
    assert visits_learned(backwards, turned) == backwards.model
    assert set(VISIT_HORIZONS) <= set(HORIZONS)
