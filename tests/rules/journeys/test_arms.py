"""Who reads which version, and who is held back."""

from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.journeys.arms import arm_of, is_held_back
from rules.journeys.journey import Journey
from rules.journeys.kinds.lapsed import Lapsed

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
