"""How long it takes to see a difference."""

import pytest

from rules.journeys.journey import Journey
from rules.journeys.kinds import KINDS
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.parts import Arm
from rules.journeys.samples import months_to_see, sample_size


def lapsed(**keys: object) -> Journey:
    return Lapsed.model_validate({"kind": "lapsed", **keys})


@pytest.mark.parametrize(
    ("base", "lift", "ratio", "needed"),
    # As R's power.prop.test has them, rounded up.
    [(0.1, 0.1, 1, 199), (0.5, 0.1, 1, 388), (0.05, 0.05, 1, 435), (0.2, 0.1, 1, 294)],
)
def test_the_sample_is_what_the_books_say(
    base: float, lift: float, ratio: float, needed: int
) -> None:
    assert abs(sample_size(base, lift, ratio=ratio) - needed) <= 1


def test_an_uneven_test_needs_fewer_on_its_small_side_and_more_in_all() -> None:
    small = sample_size(0.1, 0.05, ratio=9)
    even = sample_size(0.1, 0.05)
    assert small < even
    assert small * 10 > even * 2


def test_a_small_club_waits_longer() -> None:
    months = [
        months_to_see(lapsed(), members=members, share=0.3) for members in (200, 2_000, 200_000)
    ]
    assert months == sorted(months, key=lambda count: -(count or 0))
    assert months[-1] == 1


def test_nothing_is_to_be_seen_where_nothing_is_tested() -> None:
    one = lapsed(arms=[Arm(id="a").model_dump()], holdout=0)
    assert months_to_see(one, members=2_000, share=0) is None
    assert months_to_see(lapsed(), members=0, share=0.3) is None


def test_there_is_a_guess_for_every_kind_that_can_be_tested() -> None:
    assert [kind for kind in KINDS if (kind.guess is None) != kind.is_promised] == []
