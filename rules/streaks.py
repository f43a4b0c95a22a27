"""Streaks: weeks in a row that met a small goal, with freezes so that one bad week breaks nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from .base import Id, LocalText, Strict
from .facts import Facts, StreakState
from .shop import Shop, week_start

_WEEK = timedelta(days=7)


class Streak(Strict):
    """`goal` visits a week. A freeze is earned every `freeze_every` weeks, `freezes_max` are kept,
    and one is spent by itself in a week that falls short."""

    id: Id
    name: LocalText
    goal: Annotated[int, Field(ge=1, le=7)] = 1
    freezes_max: Annotated[int, Field(ge=0, le=10)] = 2
    freeze_every: Annotated[int, Field(ge=1, le=52)] = 4


def state_of(streak: Streak, facts: Facts, day: date) -> StreakState:
    """The streak's state; a fresh one for a member who has none yet."""
    week = week_start(day)
    known = facts.streaks.get(streak.id, StreakState(week))
    # Weeks in which the programme had no such streak were never judged: it begins anew.
    return known if known.week >= week else StreakState(week, best=known.best)


def count_visit(streak: Streak, facts: Facts, day: date) -> tuple[Facts, int | None]:
    """Counts a visit. Gives the weeks in a row when this very visit meets the week's goal."""
    state = state_of(streak, facts, day)
    state = replace(state, visits=state.visits + 1)
    if state.visits != streak.goal:
        return _with(facts, streak, state), None
    weeks = state.weeks + 1
    earned = 1 if weeks % streak.freeze_every == 0 else 0
    state = replace(
        state,
        weeks=weeks,
        best=max(state.best, weeks),
        freezes=min(streak.freezes_max, state.freezes + earned),
    )
    return _with(facts, streak, state), weeks


def close_week(streak: Streak, shop: Shop, facts: Facts, week: date) -> Facts:
    """Judges the week beginning `week`, now over. A week shut altogether costs nothing."""
    state = facts.streaks.get(streak.id)
    if state is None or state.week > week:
        return facts
    fresh = replace(state, week=week + _WEEK, visits=0)
    if state.visits >= streak.goal or shop.open_days(week, week + _WEEK) == 0:
        return _with(facts, streak, fresh)
    if state.weeks > 0 and state.freezes > 0:
        return _with(facts, streak, replace(fresh, freezes=state.freezes - 1))
    return _with(facts, streak, replace(fresh, weeks=0))


def _with(facts: Facts, streak: Streak, state: StreakState) -> Facts:
    return replace(facts, streaks={**facts.streaks, streak.id: state})
