"""Streaks: weeks in a row, with freezes instead of brittle chains."""

import pytest

from rules.facts import StreakState
from rules.programme.timeline import Timeline, Version
from rules.shop import week_start
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    at,
    becomes,
    club,
    streak,
)

WEEK = DAY * 7


def life(shop: Part | None = None, **more: object) -> Life:
    return Life(club(streaks=[streak(**more)], shop=shop or {}, visits={"per_day_max": 3}))


def comes_in(member: Life, *weeks: int, often: int = 1) -> StreakState:
    """Visits in the weeks numbered from the one of joining."""
    for week in weeks:
        member.comes(*(JOINED + WEEK * week + DAY * n for n in range(often)))
    return member.facts.streaks["weekly"]


def after(member: Life, week: int) -> StreakState:
    """The streak when the week numbered so is over."""
    return member.until(JOINED + WEEK * (week + 1)).streaks["weekly"]


def test_weeks_in_a_row_add_up() -> None:
    state = comes_in(life(), 0, 1, 2)
    assert (state.weeks, state.best) == (3, 3)


def test_a_week_counts_when_its_goal_is_met_and_once() -> None:
    member = life(goal=2)
    assert comes_in(member, 0).weeks == 0
    assert comes_in(member, 1, often=3).weeks == 1
    assert after(member, 1).visits == 0


def test_a_missed_week_ends_it_and_the_best_is_remembered() -> None:
    member = life(freezes_max=0)
    comes_in(member, 0, 1, 2)
    assert after(member, 3).weeks == 0
    state = comes_in(member, 5)
    assert (state.weeks, state.best) == (1, 3)


def test_a_freeze_is_earned_spent_by_itself_and_keeps_the_streak() -> None:
    member = life(freeze_every=2, freezes_max=1)
    assert comes_in(member, 0, 1).freezes == 1
    missed = after(member, 2)
    assert (missed.weeks, missed.freezes) == (2, 0)
    assert comes_in(member, 3).weeks == 3
    assert after(member, 4).weeks == 0


def test_no_more_freezes_are_kept_than_the_programme_says() -> None:
    assert comes_in(life(freeze_every=1, freezes_max=2), *range(5)).freezes == 2


def test_nobody_spends_a_freeze_on_a_streak_not_begun() -> None:
    member = life(goal=2, freeze_every=1)
    assert comes_in(member, 0).freezes == 0
    assert after(member, 3) == StreakState(JOINED + WEEK * 4)


@pytest.mark.parametrize(
    ("closed_days", "goal", "came", "weeks"),
    [
        (7, 1, 0, 2),  # shut altogether
        (4, 3, 2, 2),  # three of seven days open: two visits of three are enough
        (4, 3, 1, 0),
        (0, 3, 2, 0),
    ],
)
def test_closed_days_lower_what_a_week_asks(
    closed_days: int, goal: int, came: int, weeks: int
) -> None:
    third = JOINED + WEEK * 2
    closed = [{"on": third, "until": third + DAY * (closed_days - 1)}] if closed_days else []
    member = life({"closed": closed}, goal=goal, freezes_max=0)
    comes_in(member, 0, 1, often=goal)
    for day in range(7 - came, 7):
        member.comes(third + DAY * day)
    assert after(member, 2).weeks == weeks


def test_someone_away_loses_no_streak() -> None:
    member = life(freezes_max=0)
    comes_in(member, 0, 1)
    member.does(becomes("paused", JOINED + WEEK * 2))
    assert after(member, 5).weeks == 2
    member.does(becomes("active", JOINED + WEEK * 6 + DAY))
    assert after(member, 6).weeks == 2
    assert after(member, 7).weeks == 0


def line(*streaks: Part | None) -> Timeline:
    """A version for each week, with or without the streak."""
    clubs = [club(streaks=[s] if s else [], visits={"per_day_max": 3}) for s in streaks]
    return Timeline(tuple(
        Version(n, at(JOINED + WEEK * (n - 1), 4), club) for n, club in enumerate(clubs, 1)
    ))  # fmt: skip


def test_a_streak_that_the_programme_dropped_for_a_while_begins_anew() -> None:
    member = Life(line(streak(), None, streak(), streak()))
    comes_in(member, 0)
    assert after(member, 3).weeks == 0
    assert comes_in(member, 4).weeks == 1


def test_weeks_that_nobody_judged_do_not_count_later() -> None:
    has, has_not = (club(streaks=s) for s in ([streak(freezes_max=0)], []))
    dropped, back = at(JOINED + WEEK + DAY, 4), at(JOINED + WEEK * 2, 4)
    versions = (Version(1, at(JOINED - DAY), has), Version(2, dropped, has_not),
                Version(3, back, has))  # fmt: skip
    member = Life(Timeline(versions))
    assert comes_in(member, 0, 1).weeks == 2
    assert after(member, 2) == StreakState(JOINED + WEEK * 3, best=2)


def test_a_goal_changed_within_a_week_counts_the_week_once() -> None:
    one, two = (club(streaks=[streak(goal=g)], visits={"per_day_max": 3}) for g in (1, 2))
    raised = Timeline((Version(1, at(JOINED - DAY), one), Version(2, at(JOINED + DAY, 4), two)))
    assert comes_in(Life(raised), 0, often=3).weeks == 1
    lowered = Timeline((Version(1, at(JOINED - DAY), two), Version(2, at(JOINED + DAY, 4), one)))
    assert comes_in(Life(lowered), 0, often=3).weeks == 1


def test_weeks_begin_on_monday() -> None:
    member = life(freezes_max=0)
    sunday = JOINED + DAY * 6
    member.comes(sunday, sunday + DAY)
    state = member.facts.streaks["weekly"]
    assert (state.weeks, state.week) == (2, week_start(sunday + DAY))
