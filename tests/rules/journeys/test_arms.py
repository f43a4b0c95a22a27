"""Who reads which version, who is held back, and how long it takes to see a difference."""

from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.journeys.arms import arm_of, is_held_back
from rules.journeys.journey import Journey
from rules.journeys.kinds import KINDS
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.parts import Arm
from rules.journeys.samples import months_to_see, sample_size

MEMBERS = [f"member-{n}" for n in range(4_000)]


def lapsed(**keys: object) -> Journey:
    return Lapsed.model_validate({"kind": "lapsed", **keys})


def test_members_are_shared_out_by_the_weights() -> None:
    journey = lapsed(arms=[{"id": "a", "weight": 1}, {"id": "b", "weight": 3}])
    shares = Counter(arm_of(journey, member) for member in MEMBERS)
    assert abs(shares["b"] / len(MEMBERS) - 0.75) < 4 * sqrt(0.75 * 0.25 / len(MEMBERS))


def test_the_holdout_is_as_large_as_it_should_be() -> None:
    held = sum(is_held_back(lapsed(holdout=0.1), member) for member in MEMBERS)
    assert abs(held / len(MEMBERS) - 0.1) < 4 * sqrt(0.09 / len(MEMBERS))
    assert not any(is_held_back(lapsed(holdout=0), member) for member in MEMBERS)


@given(st.text(max_size=30))
def test_somebody_always_falls_on_the_same_side(salt: str) -> None:
    assert arm_of(lapsed(), salt) == arm_of(lapsed(), salt)
    # A larger holdout takes some out and moves nobody from arm to arm.
    assert arm_of(lapsed(holdout=0.5), salt) == arm_of(lapsed(holdout=0), salt)
    if is_held_back(lapsed(holdout=0.1), salt):
        assert is_held_back(lapsed(holdout=0.5), salt)


def test_the_draw_is_the_same_on_every_machine() -> None:
    drawn = "".join(arm_of(lapsed(), member) for member in MEMBERS[:12])
    assert drawn == "abaaaaaaaaab"


@pytest.mark.parametrize("other", [lapsed(version=2), lapsed(id="another")])
def test_another_test_is_drawn_anew(other: Journey) -> None:
    same = sum(arm_of(lapsed(), member) == arm_of(other, member) for member in MEMBERS)
    assert 0.4 < same / len(MEMBERS) < 0.6


def test_arm_and_holdout_have_nothing_to_do_with_each_other() -> None:
    held = [member for member in MEMBERS if is_held_back(lapsed(holdout=0.5), member)]
    share = Counter(arm_of(lapsed(), member) for member in held)["a"] / len(held)
    assert 0.45 < share < 0.55


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
    months = [months_to_see(lapsed(), members=members) for members in (200, 2_000, 200_000)]
    assert months == sorted(months, key=lambda count: -(count or 0))
    assert months[-1] == 1


def test_nothing_is_to_be_seen_where_nothing_is_tested() -> None:
    one = lapsed(arms=[Arm(id="a").model_dump()], holdout=0)
    assert months_to_see(one, members=2_000) is None
    assert months_to_see(lapsed(), members=0) is None


def test_there_is_a_guess_for_every_kind_that_can_be_tested() -> None:
    assert [kind for kind in KINDS if (kind.guess is None) != kind.is_promised] == []
