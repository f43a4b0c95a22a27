"""Rest: where ends of weeks and months can take nothing, however many pass in one step."""

from dataclasses import replace
from datetime import date, timedelta

from ..facts import Facts, StreakState, changed
from ..programme.timeline import Timeline
from ..shop import week_start
from . import placing

_WEEK = timedelta(days=7)


def is_at_rest(facts: Facts) -> bool:
    """Whether there is nothing to lose: no rank, no weeks in a row, nothing held."""
    running = any(state.weeks or state.visits for state in facts.streaks.values())
    return not (facts.rank.id or running or facts.vouchers or facts.offers)


def rested(timeline: Timeline, facts: Facts, first: date, day: date) -> Facts | None:
    """`facts` of somebody at rest with all judged that ends from `first` on, but for the last week
    before `day`. None where it must be judged one by one."""
    last = week_start(day) - _WEEK
    if last <= first or not is_at_rest(facts) or placing.is_due(timeline, facts):
        return None
    version = timeline.before(first)
    if timeline.before(last) is not version:
        return None
    states: dict[str, StreakState] = {}
    for streak in version.programme.streaks:
        state = facts.streaks.get(streak.id)
        if state is not None and state.week != week_start(facts.settled):
            return None
        if state is not None:
            states[streak.id] = replace(state, week=last)
    return changed(facts, streaks={**facts.streaks, **states}, settled=last)
