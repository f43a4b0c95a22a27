"""Streaks: weeks in a row that met a small goal, with freezes so that one bad week is forgiven."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from ..base import Id, LocalText, Strict
from ..facts import Facts, StreakState, changed
from ..shop import Shop, week_start

_WEEK = timedelta(days=7)


class Streak(Strict):
    """Weeks in a row."""

    id: Id
    name: LocalText
    #: So many visits a week.
    goal: Annotated[int, Field(ge=1, le=7)] = 1
    #: So many freezes are kept; one is spent by itself in a week that falls short.
    freezes_max: Annotated[int, Field(ge=0, le=10)] = 2
    #: A freeze is earned every so many weeks.
    freeze_every: Annotated[int, Field(ge=1, le=52)] = 4


def state_of(streak: Streak, facts: Facts, day: date) -> StreakState:
    """The streak's state; a fresh one for a member who has none yet."""
    week = week_start(day)
    state = facts.streaks.get(streak.id)
    if state is None:
        return StreakState(week)
    # Weeks in which the programme had no such streak were never judged: it begins anew.
    return state if state.week >= week else StreakState(week, best=state.best)


def count_visit(streak: Streak, facts: Facts, day: date) -> tuple[Facts, int | None]:
    """Counts a visit. Gives the weeks in a row when this very visit meets the week's goal."""
    state = state_of(streak, facts, day)
    return _count(streak, facts, replace(state, visits=state.visits + 1))


def count_together(streak: Streak, facts: Facts, day: date) -> tuple[Facts, int | None]:
    """The same where the visits of another card were added, of which none may be of `day`."""
    return _count(streak, facts, state_of(streak, facts, day))


def _count(streak: Streak, facts: Facts, state: StreakState) -> tuple[Facts, int | None]:
    if state.met or state.visits < streak.goal:
        return _with(facts, streak, state), None
    weeks = state.weeks + 1
    earned = 1 if weeks % streak.freeze_every == 0 else 0
    met = StreakState(
        week=state.week,
        visits=state.visits,
        weeks=weeks,
        best=max(state.best, weeks),
        freezes=min(streak.freezes_max, state.freezes + earned),
        met=True,
    )
    return _with(facts, streak, met), weeks


def close_week(streak: Streak, shop: Shop, facts: Facts, week: date) -> Facts:
    """Judges the week beginning `week`, now over.

    Days on which the shop was specially closed lower what the week asks, and a member who was away
    (休会) or came back in it isn't judged. Such a week keeps the streak but doesn't lengthen it.
    """
    state = facts.streaks.get(streak.id)
    if state is None or state.week > week:
        return facts
    state = state_of(streak, facts, week)
    weeks, freezes = state.weeks, state.freezes
    at_stake = weeks > 0 and not state.met
    if at_stake and _judges(facts, week) and state.visits < _asked(streak, shop, week):
        if freezes > 0:
            freezes -= 1
        else:
            weeks = 0
    fresh = StreakState(week + _WEEK, weeks=weeks, best=state.best, freezes=freezes)
    return _with(facts, streak, fresh)


def _asked(streak: Streak, shop: Shop, week: date) -> int:
    return shop.lowered(streak.goal, week, week + _WEEK)


def _judges(facts: Facts, week: date) -> bool:
    since = facts.membership_since
    return facts.membership == "active" and (since is None or since <= week)


def _with(facts: Facts, streak: Streak, state: StreakState) -> Facts:
    return changed(facts, streaks={**facts.streaks, streak.id: state})
