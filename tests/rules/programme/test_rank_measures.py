"""Ranks by points or yen, and by a window that slides."""

from datetime import date

import pytest

from rules.activity import Activity, Occasion
from rules.programme.ranks import (
    counts_until,
    measured,
)
from tests.rules.builders import (
    DAY,
    Life,
    Part,
    buys,
    club,
    does,
    fixed,
    gets,
    ladder,
    of_day,
    rolling,
    rule,
)


def life(
    *steps: int, shop: Part | None = None, club_has: Part | None = None, **more: object
) -> Life:
    return Life(club(ranks=ladder(*steps, **more), shop=shop or {}, **(club_has or {})))


def held_on(member: Life, day: str) -> str | None:
    return member.until(of_day(day)).rank.id


def regular(member: Life, *days_: str) -> None:
    for day in days_:
        member.comes(of_day(day))


BY_REVIEWS = {"earning": [rule("review", fixed(20))]}


def reviews(day: date) -> Activity:
    return does(Occasion("review"), day)


def test_points_reach_a_rank_at_once() -> None:
    member = life(40, measure="points", club_has=BY_REVIEWS)
    member.does(reviews(of_day("01-10")))
    assert member.facts.rank.id is None
    decision = member.does(reviews(of_day("01-11")))
    assert [change.after for change in decision.rank_changes] == ["r1"]


def test_points_spent_cost_no_rank() -> None:
    member = life(20, measure="points", club_has=BY_REVIEWS)
    member.does(reviews(of_day("01-10")), gets(-20, of_day("01-11")))
    assert (member.facts.balance, member.facts.rank.id) == (0, "r1")


def test_yen_can_be_the_measure() -> None:
    member = life(3_000, measure="spend", club_has={"purchase": {}})
    member.does(buys(of_day("01-10"), 2_000), buys(of_day("01-20"), 999))
    assert member.facts.rank.id is None
    member.does(buys(of_day("01-31"), 1))
    assert member.facts.rank.id == "r1"


def test_a_rolling_window_slides_over_the_months() -> None:
    member = life(3, window=rolling(30))
    regular(member, "01-20", "02-01", "02-18")
    assert member.facts.rank.id == "r1"
    member = life(3, window=rolling(30))
    regular(member, "01-20", "02-01", "02-19")
    assert member.facts.rank.id is None


def test_nothing_in_the_window_is_forgotten_on_the_way() -> None:
    member = life(4, window=rolling(90))
    regular(member, "01-10", "02-20", "03-30", "04-09")
    assert member.facts.rank.id == "r1"


def test_a_rolling_window_reaches_back_over_closed_days() -> None:
    shop = {"closed": [{"on": "2026-02-05", "until": "2026-02-09"}]}
    member = life(3, window=rolling(30), shop=shop)
    regular(member, "01-20", "02-01", "02-23")
    assert member.facts.rank.id == "r1"


def test_a_rolling_rank_is_judged_at_the_months_end_by_the_window_then() -> None:
    member = life(2, window=rolling(30), grace_periods=0)
    regular(member, "01-10", "01-11", "02-20")
    assert held_on(member, "02-28") == "r1"
    assert held_on(member, "03-01") is None


@pytest.mark.parametrize("closed", [[], [{"on": "2026-01-15", "until": "2026-01-18"}]])
@pytest.mark.parametrize("window", [rolling(7), rolling(30), {"kind": "calendar_month"}])
def test_a_day_counts_until_the_day_it_leaves_the_window(window: Part, closed: list[Part]) -> None:
    member = life(9, window=window, shop={"closed": closed})
    came = of_day("01-16")
    member.comes(came)
    programme = member.timeline.latest.programme
    assert programme.ranks
    last = counts_until(programme.ranks, programme.shop, came)
    for day, counted in ((last, 1), (last + DAY, 0)):
        assert measured(programme.ranks, programme.shop, member.facts, day + DAY) == counted
