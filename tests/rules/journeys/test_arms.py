"""Who reads which version, and who is held back."""

from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.journeys.arms import (
    OPEN_HOLDOUT,
    SETTLED_HOLDOUT,
    arm_of,
    is_held_back,
    share_held_back,
)
from rules.journeys.journey import Journey
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from tests.rules.builders import bonus, campaign, club, fixed, reward, rule
from tests.rules.examples import cafe
from tests.rules.journeys.people import CHOSEN, CLUB, KINDS, journey_of, only

MEMBERS = [f"member-{n}" for n in range(4_000)]
PERIOD = "2026-01-05:60"
LATER = "2026-06-01:60"


def lapsed(**keys: object) -> Journey:
    return Lapsed.model_validate({"kind": "lapsed", **keys})


def arm(journey: Journey, member: str, period: str = PERIOD) -> str:
    return arm_of(journey, member, period)


def held(member: str, share: float, period: str = PERIOD) -> bool:
    return is_held_back(lapsed(), member, period, share)


def test_members_are_shared_out_by_the_weights() -> None:
    journey = lapsed(arms=[{"id": "a", "weight": 1}, {"id": "b", "weight": 3}])
    shares = Counter(arm(journey, member) for member in MEMBERS)
    assert abs(shares["b"] / len(MEMBERS) - 0.75) < 4 * sqrt(0.75 * 0.25 / len(MEMBERS))


def test_the_holdout_is_as_large_as_it_should_be() -> None:
    count = sum(held(member, 0.1) for member in MEMBERS)
    assert abs(count / len(MEMBERS) - 0.1) < 4 * sqrt(0.09 / len(MEMBERS))
    assert not any(held(member, 0) for member in MEMBERS)


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_episode_always_falls_on_the_same_side(salt: str, period: str) -> None:
    assert arm(lapsed(), salt, period) == arm(lapsed(), salt, period)
    # A larger holdout takes some out and moves nobody from arm to arm.
    assert arm(lapsed(holdout=0.5), salt, period) == arm(lapsed(holdout=0), salt, period)
    if held(salt, 0.1, period):
        assert held(salt, 0.5, period)


def test_the_draw_is_the_same_on_every_machine() -> None:
    assert "".join(arm(lapsed(), member) for member in MEMBERS[:12]) == "baaaabbabbaa"
    assert [n for n, member in enumerate(MEMBERS[:20]) if held(member, 0.3)] == [9, 11, 12, 17]


def test_the_next_absence_of_the_same_member_is_another_draw() -> None:
    both = [(held(member, 0.5), held(member, 0.5, LATER)) for member in MEMBERS]
    same = sum(first == later for first, later in both) / len(MEMBERS)
    assert abs(same - 0.5) < 4 * sqrt(0.25 / len(MEMBERS))


@pytest.mark.parametrize("other", [lapsed(version=2), lapsed(id="another")])
def test_another_test_is_drawn_anew(other: Journey) -> None:
    same = sum(arm(lapsed(), member) == arm(other, member) for member in MEMBERS)
    assert 0.4 < same / len(MEMBERS) < 0.6


def test_arm_and_holdout_have_nothing_to_do_with_each_other() -> None:
    back = [member for member in MEMBERS if held(member, 0.5)]
    share = Counter(arm(lapsed(), member) for member in back)["a"] / len(back)
    assert 0.45 < share < 0.55


def test_what_should_bring_somebody_in_is_held_back_more_often_until_it_is_decided() -> None:
    shares = {kind: share_held_back(journey_of(CLUB, kind), CLUB) for kind in KINDS}
    persuading = [kind for kind in KINDS if journey_of(CLUB, kind).persuades]
    assert {"lapsed", "rhythm", "one_short", "first_visit"} <= set(persuading)
    assert shares == {kind: OPEN_HOLDOUT if kind in persuading else 0 for kind in KINDS}
    for kind in persuading:
        assert share_held_back(journey_of(CLUB, kind), CLUB, decided=True) == SETTLED_HOLDOUT


@pytest.mark.parametrize("kind", CHOSEN)
def test_the_owners_share_stands_but_nobody_is_held_back_from_what_they_are_owed(kind: str) -> None:
    chosen = only(kind, holdout=0.4)
    owed = kind in ("birthday", "reward_expiring")
    share, settled = (
        share_held_back(journey_of(chosen, kind), chosen, decided=decided)
        for decided in (False, True)
    )
    assert share == (0 if owed else 0.4)
    # Once it is decided there is no need for so many.
    assert settled == (0 if owed else 0.1)
    little = only(kind, holdout=0.05)
    kept = share_held_back(journey_of(little, kind), little, decided=True)
    assert kept == (0 if owed else 0.05)


def test_the_cafes_own_journeys_hold_back_from_what_persuades_alone() -> None:
    shop = cafe()
    assert {each.id: share_held_back(each, shop) for each in journeys_of(shop)} == {
        "birthday": 0, "points_expiring": 0, "rank_at_risk": 0, "reward_expiring": 0,
        "lapsed": 0.3, "one_short": 0.3, "first_visit": 0.3, "fan_steps": 0,
    }  # fmt: skip


PLAIN = club(journeys=[{"kind": "birthday", "holdout": 0.4}])
PROMISING = (
    {"earning": [rule("birthday", fixed(100))]},
    {"rewards": [reward(cost=None, given={"kind": "birthday"}, valid_days=31)]},
    {"campaigns": [campaign(bonus(10), birth_month=True)]},
)


@pytest.mark.parametrize("promised", PROMISING)
def test_a_birthday_greeting_is_owed_where_the_programme_promises_something_for_it(
    promised: dict[str, object],
) -> None:
    def share(of: Programme) -> float:
        return share_held_back(journey_of(of, "birthday"), of)

    assert share(PLAIN) == 0.4
    assert share(club(journeys=[{"kind": "birthday", "holdout": 0.4}], **promised)) == 0
