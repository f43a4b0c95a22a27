"""What a club learns of its own past."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.science.learned import PRIOR
from rules.science.lessons import (
    LOOKS,
    MEMBERS_MAX,
    ROWS_MAX,
    Visits,
    drawn,
    learn,
    lessons,
    window,
)
from rules.science.model import HORIZONS
from rules.science.quality import auc, brier
from rules.science.visits import VISIT_HORIZONS
from tests.science.simulated import LOOK, salon

TODAY = date.fromordinal(LOOK)
MEMBERS = st.lists(
    st.builds(
        lambda days, yen: Visits(sorted(days), [yen] * len(days)),
        st.sets(st.integers(LOOK - 900, LOOK), min_size=1, max_size=12),
        st.sampled_from((0.0, 0.5, 3e9)),
    ),
    max_size=12,
)


def came(*days: int) -> Visits:
    """Who came so many days before today."""
    return Visits(sorted(LOOK - each for each in days), [0.0] * len(days))


def test_a_club_learns_its_own_level() -> None:
    club = salon(250, seed=5)
    models = learn(club, TODAY)
    assert set(models.qualities) == set(HORIZONS)
    assert models.fitted_on == TODAY
    assert all(models.knows_level(horizon) for horizon in HORIZONS)
    assert max(each.members for each in models.qualities.values()) <= 250
    ahead = window(club, LOOK, 30)
    mine, shipped = (
        [each.by_horizon[30].chance(pattern) for pattern in ahead.patterns]
        for each in (models, PRIOR)
    )
    assert brier(mine, ahead.came) < brier(shipped, ahead.came) * 0.8
    assert auc(mine, ahead.came) > auc(shipped, ahead.came)
    assert sum(mine) / len(mine) == pytest.approx(sum(ahead.came) / len(mine), abs=0.04)


def test_what_comes_after_today_is_not_known() -> None:
    club = salon(60, seed=5)
    before = [
        Visits(known, each.yen[: len(known)])
        for each in club
        if (known := [day for day in each.days if day <= LOOK])
    ]
    assert learn(club, TODAY) == learn(before, TODAY)
    assert lessons(club, LOOK, 30) == lessons(before, LOOK, 30)


def test_a_past_that_foretells_worse_than_other_clubs_is_not_believed() -> None:
    """All came like clockwork, and two months ago the shop moved away: hardly any came since."""
    draw = Random(3)
    club = [came(*range(61 + draw.randrange(3), 400, 3)) for _ in range(100)]
    club += [came(*range(40, 400, 3)) for _ in range(2)]
    models = learn(club, TODAY)
    assert 60 not in models.qualities
    assert models.by_horizon[60] == PRIOR.by_horizon[60]
    assert not models.knows_level(60)


def test_where_one_horizon_is_foretold_worse_the_others_are_the_clubs_own_all_the_same() -> None:
    """Some who had been gone for long came back, which tells nothing within a month."""
    draw = Random(3)
    gaps = [draw.choice((3, 5, 8, 20)) for _ in range(100)]
    club = [came(*range(draw.randrange(gap), 400, gap)) for gap in gaps]
    club += [came(*range(draw.randrange(5), 45, 5), *range(160, 400, 5)) for _ in range(40)]
    club += [came(*range(100 + draw.randrange(60), 400, 5)) for _ in range(50)]
    models = learn(club, TODAY)
    assert [each for each in HORIZONS if models.knows_level(each)] == [14, 30]
    assert models.by_horizon[60] == PRIOR.by_horizon[60]
    assert models.by_horizon[30] != PRIOR.by_horizon[30]
    assert [each for each in VISIT_HORIZONS if models.knows_visits(each)] == [30]


@pytest.mark.parametrize(
    "club",
    [
        [],
        [came(0)],
        [came(each) for each in range(400)],
        [came(*range(0, 500, 2)) for _ in range(80)],
        [came(700) for _ in range(80)],
    ],
    ids=["nobody", "one", "all once", "all came", "none came"],
)
def test_where_nothing_can_be_told_apart_the_shipped_models_hold(club: list[Visits]) -> None:
    models = learn(club, TODAY)
    assert models.by_horizon == PRIOR.by_horizon
    assert models.qualities == {}
    assert models.fitted_on == TODAY


@given(MEMBERS)
@settings(max_examples=25)
def test_whatever_the_past_chances_are_chances(club: list[Visits]) -> None:
    models = learn(club, TODAY)
    for horizon, model in models.by_horizon.items():
        for pattern in window(club, LOOK, horizon).patterns:
            assert 0 < model.chance(pattern) < 1


def test_of_a_large_club_so_many_are_drawn_that_it_is_learned_in_time() -> None:
    ids = list(range(MEMBERS_MAX + 500))
    some = drawn(ids, TODAY)
    assert len(set(some)) == MEMBERS_MAX
    assert some == drawn(ids, TODAY)
    assert set(some) != set(drawn(ids, date.fromordinal(LOOK + 7)))
    assert drawn(ids[:40], TODAY) == ids[:40]
    rows = lessons([came(*range(0, 400, 10))] * 3_000, LOOK, 14)
    assert len(rows.numbers) == len(rows.came) == ROWS_MAX
    assert sum(rows.weighs) == pytest.approx(3_000 * LOOKS, rel=0.001)


def test_a_return_on_the_last_day_counts_and_one_on_the_day_itself_does_not() -> None:
    member = came(0, 30)
    assert window([member], LOOK - 30, 30).came == [True]
    assert window([member], LOOK - 30, 29).came == [False]
    assert window([member], LOOK - 31, 30).patterns == []
