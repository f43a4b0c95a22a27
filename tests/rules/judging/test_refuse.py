"""What is refused, before anything is decided."""

import pytest

from rules.activity import Adjustment, BirthdayTold, Expiry, Occasion
from rules.base import Refusal

from ..builders import (
    DAY,
    JOINED,
    Life,
    at,
    becomes,
    buys,
    club,
    does,
    fixed,
    gets,
    reward,
    rule,
    takes,
    visits,
)


def test_one_visit_a_day_counts_and_the_next_from_the_next_opening() -> None:
    member = Life(club())
    member.does(visits(JOINED, 22))
    again = member.tries(visits(JOINED, 25))
    assert again == Refusal("visited_today", again_at=at(JOINED, 28))
    assert member.facts.visits == 1
    member.does(visits(JOINED + DAY, 4))


def test_visits_of_a_day_lie_some_time_apart() -> None:
    member = Life(club(visits={"per_day_max": 2, "gap_minutes_min": 180}))
    member.does(visits(JOINED, 10))
    assert member.tries(visits(JOINED, 12)) == Refusal("visited_just_now", again_at=at(JOINED, 13))
    member.does(visits(JOINED, 13))
    assert member.refused(visits(JOINED, 20)) == "visited_today"


def test_who_left_takes_part_in_nothing_until_they_are_back() -> None:
    member = Life(club(purchase={}, rewards=[reward()]))
    member.does(gets(20, JOINED), becomes("left", JOINED + DAY))
    later = JOINED + DAY * 2
    for activity in (
        visits(later), buys(later, 100), takes("gift", 10, later), does(Occasion("review"), later),
        does(BirthdayTold(5, 12), later),
    ):  # fmt: skip
        assert member.refused(activity) == "left"
    member.does(does(Expiry(5), later, by="system"), gets(-5, later), becomes("active", later, 20))
    member.does(visits(later + DAY))
    assert (member.facts.balance, member.facts.membership) == (10, "active")
    assert member.facts.membership_since == later


def test_who_pauses_may_still_come() -> None:
    member = Life(club(earning=[rule("visit", fixed(5))]))
    member.does(becomes("paused", JOINED + DAY))
    assert member.refused(becomes("paused", JOINED + DAY, 7)) == "membership_same"
    assert member.does(visits(JOINED + DAY)).points == 5


@pytest.mark.parametrize("points", [21, 0, -1])
def test_no_more_expires_than_there_is(points: int) -> None:
    member = Life(club())
    member.does(gets(20, JOINED))
    assert member.refused(does(Expiry(points), JOINED + DAY)) == "points_short"


@pytest.mark.parametrize("points", [0, -21])
def test_a_manager_cannot_take_what_is_not_there(points: int) -> None:
    member = Life(club())
    member.does(gets(20, JOINED))
    assert member.refused(does(Adjustment(points), JOINED + DAY)) == "points_short"
