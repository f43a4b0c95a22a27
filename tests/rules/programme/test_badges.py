"""Badges: every kind of condition, and what a badge brings."""

from datetime import date, time
from typing import get_args

import pytest
from pydantic import ValidationError

from rules.activity import BirthdayTold, Expiry, Purchase
from rules.base import LANGS, Lang
from rules.programme.badges import Badge, Condition, Season, full_years, progress
from rules.wording.texts import keys
from tests.rules.builders import (
    DAY,
    JOINED,
    OCCASIONS,
    Life,
    Part,
    badge,
    becomes,
    club,
    does,
    gets,
    given,
    of_day,
    streak,
    visits,
)

#: The kinds of conditions, out of their union.
NEEDS = get_args(get_args(Condition)[0])


def life(*badges: Part, **parts: object) -> Life:
    return Life(club(badges=badges, purchase={}, streaks=[streak()], **parts))


def test_so_many_visits() -> None:
    member = life(badge({"kind": "visits", "count": 2}))
    assert [member.does(visits(JOINED + DAY * n)).badges for n in range(3)] == [(), ("badge",), ()]
    assert member.facts.badges == {"badge": JOINED + DAY}


def test_so_many_visits_at_a_time_of_day() -> None:
    early = {"kind": "time_of_day", "count": 2, "hours": {"start": "07:00", "end": "09:00"}}
    member = life(badge({**early, "weekdays": ["mon", "tue"]}))
    hours = [(0, 7), (1, 9), (2, 8), (7, 8)]
    earned = [member.does(visits(JOINED + DAY * n, hour)).badges for n, hour in hours]
    assert earned == [(), (), (), ("badge",)]


@pytest.mark.parametrize(
    ("starts", "ends", "day", "inside"),
    [
        ("03-20", "04-15", "03-20", True),
        ("03-20", "04-15", "04-15", True),
        ("03-20", "04-15", "04-16", False),
        ("12-20", "01-07", "12-31", True),
        ("12-20", "01-07", "01-07", True),
        ("12-20", "01-07", "01-08", False),
        ("02-20", "02-29", "02-28", True),
        ("02-20", "02-29", "03-01", False),
    ],
)
def test_a_season_may_run_over_new_year(starts: str, ends: str, day: str, inside: bool) -> None:
    season = Season(kind="season", count=1, starts=starts, ends=ends)
    assert season.covers(of_day(day)) is inside


def test_seasons_of_all_years_count_together() -> None:
    member = life(badge({"kind": "season", "count": 2, "starts": "03-20", "ends": "04-15"}))
    assert member.comes(of_day("03-21"), of_day("05-01")).badges == ()
    assert member.comes(date(2027, 4, 1)).badges == ("badge",)


def test_so_many_different_stores() -> None:
    member = life(badge({"kind": "stores", "count": 2}))
    stores = ["main", "main", None, "east"]
    came = [visits(JOINED + DAY * n, store=store) for n, store in enumerate(stores)]
    assert [member.does(visit).badges for visit in came] == [(), (), (), ("badge",)]


def test_so_many_weeks_of_a_streak() -> None:
    member = life(badge({"kind": "streak", "streak": "weekly", "weeks": 2}))
    assert member.comes(JOINED).badges == ()
    assert member.comes(JOINED + DAY * 7).badges == ("badge",)


def test_an_anniversary_is_told_on_the_first_occasion_after_it() -> None:
    member = life(badge({"kind": "anniversary", "years": 1}))
    assert member.comes(date(2027, 1, 4)).badges == ()
    assert member.comes(date(2027, 1, 6)).badges == ("badge",)


ELSE = {
    **{
        on: OCCASIONS[on]
        for on in ("review", "share", "referral", "eco", "feedback", "adopted", "deed")
    },
    "purchase": Purchase(100),
}


@pytest.mark.parametrize("on", ELSE)
def test_something_else_so_many_times(on: str) -> None:
    member = life(badge({"kind": "times", "on": on, "count": 2}))
    done = does(ELSE[on], JOINED)
    assert [member.does(done).badges for _ in range(3)] == [(), ("badge",), ()]
    assert member.comes(JOINED + DAY).badges == ()


def test_a_badge_may_bring_points_once() -> None:
    member = life(badge({"kind": "visits", "count": 1}, points=20))
    assert given(member.comes(JOINED)) == {"badge:badge": 20}
    assert member.comes(JOINED + DAY).points == 0
    assert member.facts.balance == 20


def test_a_hidden_badge_is_earned_like_any() -> None:
    member = life(badge({"kind": "visits", "count": 1}, hidden=True))
    assert member.comes(JOINED).badges == ("badge",)


def test_nobody_hears_of_a_badge_because_points_ran_out() -> None:
    member = life(badge({"kind": "anniversary", "years": 1}))
    year_later = date(2027, 2, 1)
    member.does(gets(10, JOINED))
    for activity in (
        gets(10, year_later),
        does(Expiry(5), year_later, by="system"),
        becomes("paused", year_later, 20),
    ):
        assert member.does(activity).badges == ()
    assert member.does(does(BirthdayTold(5, 12), year_later, 21)).badges == ("badge",)


def test_progress_says_how_far_it_is() -> None:
    early = {"kind": "time_of_day", "count": 5, "hours": {"start": "07:00", "end": "13:00"}}
    needs: list[Part] = [
        {"kind": "visits", "count": 3}, early, {"kind": "stores", "count": 2},
        {"kind": "streak", "streak": "weekly", "weeks": 4}, {"kind": "anniversary", "years": 2},
        {"kind": "times", "on": "eco", "count": 6},
        {"kind": "season", "count": 7, "starts": "01-01", "ends": "01-31"},
    ]  # fmt: skip
    badges = [badge(need, id=f"badge{n}") for n, need in enumerate(needs)]
    member = life(*badges)
    nothing = [progress(Badge.model_validate(b), member.facts, JOINED) for b in badges]
    assert nothing == [(0, 3), (0, 5), (0, 2), (0, 4), (0, 2), (0, 6), (0, 7)]
    member.comes(JOINED, JOINED + DAY)
    had = [progress(Badge.model_validate(b), member.facts, date(2027, 3, 1))[0] for b in badges]
    assert had == [2, 2, 1, 1, 1, 0, 2]


@pytest.mark.parametrize(
    ("since", "day", "years"),
    [
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2024-02-29", "2028-02-29", 4),
        ("2026-01-05", "2027-01-04", 0),
        ("2026-01-05", "2027-01-05", 1),
    ],
)
def test_full_years(since: str, day: str, years: int) -> None:
    assert full_years(date.fromisoformat(since), date.fromisoformat(day)) == years


def test_a_season_needs_real_days() -> None:
    with pytest.raises(ValidationError, match="no_day_of_year"):
        Season(kind="season", count=1, starts="02-30", ends="03-01")


def test_hours_are_the_shops_own() -> None:
    night = {"kind": "time_of_day", "count": 1, "hours": {"start": time(1), "end": time(3)}}
    assert life(badge(night)).does(visits(JOINED, 26)).badges == ("badge",)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", [need.model_fields["kind"].annotation for need in NEEDS])
def test_every_kind_is_explained(kind: object, lang: Lang) -> None:
    (name,) = get_args(kind)
    said = f"explain.badge.needs.{name}"
    assert any(key == said or key.startswith(f"{said}.") for key in keys(lang))
