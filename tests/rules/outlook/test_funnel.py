"""Which steps people took on the way to regulars, and where they stand."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.outlook.funnel import STEPS, STOPPED, Beginning, Stage, funnel, stage_of
from tests.chance import examples
from tests.rules.builders import club, ladder, of_day

RANKED, PLAIN = club(ranks=ladder(3, 6)), club()
DAY = timedelta(days=1)
BEGAN = of_day("01-10")


#: The steps after following, as `Beginning` has them.
TOOK = ("joined", "looked", "first", "second", "third", "rhythm")


def on(*days: int | None, **more: Any) -> Beginning:
    """Who followed on 10 January, and took each step so many days after that."""
    took: dict[str, Any] = {
        step: BEGAN + DAY * n for step, n in zip(TOOK, days, strict=False) if n is not None
    }
    return Beginning(BEGAN, **took, **more)


@pytest.mark.parametrize(
    ("beginning", "stage"),
    [
        (on(), "aware"),
        (on(0), "aware"),
        (on(0, 1), "interested"),
        (on(0, 1, 2), "comparing"),
        # Who came looked at something, whether it is known or not.
        (on(0, None, 2), "comparing"),
        (on(0, 1, 2, 9), "buying"),
        (on(0, 1, 2, 9, 12), "buying"),
    ],
)
def test_the_stage_is_the_furthest_step(beginning: Beginning, stage: Stage) -> None:
    assert stage_of(RANKED, beginning) == stage_of(PLAIN, beginning) == stage


def test_a_regular_holds_a_rank_or_has_a_rhythm_where_there_are_none() -> None:
    ranked = on(0, 1, 2, 9, 12, ranked=of_day("02-01"))
    rhythm = on(0, 1, 2, 9, 12, rhythm=of_day("02-01"))
    assert (stage_of(RANKED, ranked), stage_of(RANKED, rhythm)) == ("after", "buying")
    assert (stage_of(PLAIN, rhythm), stage_of(PLAIN, ranked)) == ("after", "buying")
    # Two days are no regular's, whatever the first rank asks for.
    assert stage_of(RANKED, on(0, 1, 2, 9, ranked=of_day("02-01"))) == "buying"


def test_a_funnel_counts_who_went_on_how_fast_and_where_others_stopped() -> None:
    people = [
        on(0),
        on(0, 1),
        on(0, 1, 3),
        on(0, None, 5, 12),
        on(0, 2, 10, 17, 24, ranked=BEGAN + DAY * 30),
        on(0, 0, 60, left=True),
        Beginning(BEGAN),
    ]
    found = funnel(RANKED, people, BEGAN + DAY * 71)
    by_step = {each.step: each for each in found.steps}
    assert [each.count for each in found.steps] == [7, 6, 5, 4, 2, 1, 1]
    assert [each.stopped for each in found.steps] == [1, 1, 1, 2, 0, 0, 0]
    # On 22 January one came for the second time: 59 days ago.
    assert [each.on_the_way for each in found.steps] == [0, 0, 0, 0, 1, 0, 1]
    assert by_step["first"].share == pytest.approx(4 / 5)
    assert by_step["followed"].share is None
    # From looking to coming: 2, 8 and 60 days. Who came unlooked is in no wait; who left lately has
    # stopped, too.
    assert by_step["first"].median_days == 8
    assert by_step["second"].median_days == 7
    assert by_step["regular"].median_days == 6
    assert found.stages == {
        "aware": 2, "interested": 1, "comparing": 1, "buying": 1, "after": 1,
    }  # fmt: skip
    assert (found.began, found.left) == (7, 1)


def test_nobody_is_told_to_have_stopped_before_their_time() -> None:
    last = BEGAN + DAY
    assert [
        funnel(PLAIN, [on(0, 1)], last + STOPPED + DAY * more).steps[2].stopped for more in (-1, 0)
    ] == [0, 1]


def test_an_empty_period_has_an_empty_funnel() -> None:
    found = funnel(RANKED, [], BEGAN)
    assert [(each.count, each.share, each.median_days) for each in found.steps] == [
        (0, None, None)
    ] * 7


@settings(max_examples=examples(100))
@given(
    st.lists(st.lists(st.none() | st.integers(0, 90), min_size=6, max_size=6).map(lambda d: on(*d)))
)
def test_each_step_has_no_more_than_the_one_before_and_all_are_somewhere(
    people: list[Beginning],
) -> None:
    found = funnel(PLAIN, people, BEGAN + DAY * 60)
    counts = [each.count for each in found.steps]
    assert counts == sorted(counts, reverse=True)
    assert found.began == len(people) == sum(found.stages.values())
    assert len(people) == sum(each.stopped + each.on_the_way for each in found.steps)
    assert [each.step for each in found.steps] == list(STEPS)
