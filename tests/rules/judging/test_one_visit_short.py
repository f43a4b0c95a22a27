"""What a member's last days say: their own rhythm, and whether one visit would bring something."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.facts import VISITS_KEPT
from rules.judging.one_visit_short import BADGE_DAYS, NearGoal, close_to
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    badge,
    becomes,
    club,
    ladder,
    of_day,
    rolling,
    visits,
)


def came(*days: date, **parts: object) -> Life:
    life = Life(club(**parts))
    life.comes(*days)
    return life


def test_two_visits_on_a_day_are_one_day() -> None:
    life = Life(club(visits={"per_day_max": 2}))
    life.does(visits(of_day("01-10"), 9), visits(of_day("01-10"), 15))
    assert life.facts.visit_days == (of_day("01-10"),)


@given(st.lists(st.integers(1, 90), max_size=14))
def test_the_last_days_are_kept_however_long_ago(gaps: list[int]) -> None:
    days = [JOINED + DAY * sum(gaps[: n + 1]) for n in range(len(gaps))]
    life = Life(club())
    for day in days:
        life.comes(day)
    assert life.facts.visit_days == tuple(days[-VISITS_KEPT:])


def test_somebody_who_came_back_from_a_pause_has_been_away_since_then() -> None:
    life = came(of_day("01-10"))
    life.does(becomes("paused", of_day("02-01")), becomes("active", of_day("05-01")))
    assert life.facts.away_since == of_day("05-01")


def test_one_visit_short_of_a_rank_is_so_until_the_month_ends() -> None:
    life = came(of_day("02-03"), of_day("02-10"), ranks=ladder(3, 6))
    close = NearGoal("rank", "r1", of_day("02-28"))
    assert close_to(life.timeline.latest.programme, life.facts, of_day("02-12")) == (close,)
    assert life.facts.close_until == of_day("02-28")
    life.comes(of_day("02-14"))
    assert life.facts.close_until is None


def test_a_new_months_first_visit_is_not_called_one_short() -> None:
    life = came(of_day("02-03"), ranks=ladder(1, 2))
    facts = life.until(of_day("03-05"))
    assert close_to(life.timeline.latest.programme, facts, of_day("03-05")) == ()


def test_in_a_rolling_window_the_oldest_visit_counts_so_long() -> None:
    life = came(of_day("02-03"), of_day("02-10"), ranks=ladder(3, window=rolling(30)))
    assert life.facts.close_until == of_day("02-03") + DAY * 29


def test_a_rank_lost_at_the_end_of_a_month_may_be_one_visit_away_at_once() -> None:
    steps = ladder(3, window=rolling(30), grace_periods=0)
    life = came(*map(of_day, ["01-08", "01-15", "01-22", "02-05", "02-20"]), ranks=steps)
    facts = life.until(of_day("03-01"))
    assert facts.rank.id is None
    assert facts.close_until == of_day("02-05") + DAY * 29


def test_one_visit_short_of_a_badge_is_so_for_a_while() -> None:
    life = came(of_day("02-03"), badges=[badge({"kind": "visits", "count": 2})])
    assert life.facts.close_until == of_day("02-03") + DAY * BADGE_DAYS


def test_a_secret_badge_is_told_to_nobody() -> None:
    hidden = badge({"kind": "visits", "count": 2}, hidden=True)
    assert came(of_day("02-03"), badges=[hidden]).facts.close_until is None
