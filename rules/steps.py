"""The one next reachable step of a member: chosen by how few visits away it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

from . import badges, ranks, streaks
from .earning import Fixed
from .facts import Facts
from .program import Programme
from .ranks import CalendarMonth
from .rewards import on_offer, standing
from .shop import month_start, next_month, week_start

StepKind = Literal[
    "revive", "first_visit", "keep_rank", "rank_up", "streak", "badge", "reward", "reward_ready", "enjoy"
]  # fmt: skip
#: Between steps equally far away: what would be lost first, then what counts most.
_ORDER: tuple[StepKind, ...] = (
    "revive", "first_visit", "keep_rank", "rank_up", "streak", "badge", "reward", "reward_ready", "enjoy",
)  # fmt: skip
#: A step further away than this many visits discourages more than it draws.
VISITS_AHEAD_MAX = 5


@dataclass(frozen=True, slots=True)
class NextStep:
    """`missing` of `unit` until `target` (a rank's, badge's, reward's or streak's id).

    `until` is the last day on which it can be done (None: no hurry); `visits` how many visits it
    takes; `weeks` the length a streak would reach.
    """

    kind: StepKind
    visits: int
    missing: int = 0
    unit: Literal["visits", "points", "spend"] = "visits"
    target: str | None = None
    until: date | None = None
    weeks: int = 0


def next_step(programme: Programme, facts: Facts, day: date) -> NextStep:
    """The nearest step that can really be reached; "enjoy" when there is none."""
    near = [step for step in _steps(programme, facts, day) if step.visits <= VISITS_AHEAD_MAX]
    return min(near, key=lambda step: (step.visits, _ORDER.index(step.kind)))


def _steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    if facts.visits == 0:
        yield NextStep("first_visit", visits=1, missing=1)
    yield from _rank_steps(programme, facts, day)
    yield from _streak_steps(programme, facts, day)
    yield from _badge_steps(programme, facts, day)
    yield from _reward_steps(programme, facts, day)
    yield NextStep("enjoy", visits=VISITS_AHEAD_MAX)


def visits_possible(programme: Programme, facts: Facts, start: date, end: date) -> int:
    """How many visits still fit between `start` (today) and `end` (exclusive)."""
    today = facts.totals(start, start + timedelta(days=1)).visits
    a_day = programme.visits.per_day_max
    return max(0, programme.shop.open_days(start, end) * a_day - today)


def _rank_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    ladder, shop = programme.ranks, programme.shop
    if ladder is None:
        return
    month_end = next_month(day)
    left = visits_possible(programme, facts, day, month_end)
    back = ranks.visits_to_revive(ladder, shop, facts, day)
    if back and facts.rank.lost_on:
        ends = ranks.revival_ends(ladder, shop, facts.rank.lost_on)
        if back <= visits_possible(programme, facts, day, ends):
            last = ends - timedelta(days=1)
            yield NextStep("revive", back, back, target=facts.rank.lost, until=last)
    missing = ranks.at_risk(ladder, shop, facts, day)
    if missing:
        visits = _visits_for(programme, missing)
        if visits <= left:
            last = month_end - timedelta(days=1)
            yield NextStep("keep_rank", visits, missing, ladder.measure, facts.rank.id, last)
    above = ladder.above(facts.rank.id)
    if above is None:
        return
    missing = above.at - ranks.measured(ladder, shop, facts, day + timedelta(days=1))
    monthly = isinstance(ladder.window, CalendarMonth)
    visits = _visits_for(programme, missing)
    if missing > 0 and (not monthly or visits <= left):
        last = month_end - timedelta(days=1)
        until = last if monthly else None
        yield NextStep("rank_up", visits, missing, ladder.measure, above.id, until)


def _visits_for(programme: Programme, missing: int) -> int:
    """Roughly how many visits bring `missing` of the ladder's measure."""
    measure = programme.ranks.measure if programme.ranks else "visits"
    if measure == "visits":
        return missing
    return ceil(missing / (points_per_visit(programme) if measure == "points" else 1_000))


def points_per_visit(programme: Programme) -> int:
    """What an ordinary visit brings by the plain rules; at least 1, so that it can divide."""
    plain = [
        rule.award.points
        for rule in programme.earning
        if rule.on == "visit" and isinstance(rule.award, Fixed) and not rule.ranks
    ]
    return max(1, sum(plain))


def _streak_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    week_end = week_start(day) + timedelta(days=7)
    for streak in programme.streaks:
        state = streaks.state_of(streak, facts, day)
        came = state.visits if state.week == week_start(day) else 0
        missing = streak.goal - came
        if state.weeks and 0 < missing <= visits_possible(programme, facts, day, week_end):
            last = week_end - timedelta(days=1)
            yield NextStep(
                "streak", missing, missing, target=streak.id, until=last, weeks=state.weeks + 1
            )


def _badge_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    for badge in programme.badges:
        if badge.hidden or badge.id in facts.badges:
            continue
        if not isinstance(badge.needs, badges.VisitCount | badges.TimeOfDay):
            continue
        had, needed = badges.progress(badge, facts, day)
        if had:
            yield NextStep("badge", needed - had, needed - had, target=badge.id)


def _reward_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    for reward in programme.rewards:
        now = standing(reward, facts)
        if not on_offer(reward, day) or now.needs_rank or now.used_up:
            continue
        if now.ready:
            yield NextStep("reward_ready", VISITS_AHEAD_MAX, target=reward.id)
        else:
            visits = ceil(now.points_missing / points_per_visit(programme))
            yield NextStep("reward", visits, now.points_missing, "points", reward.id)


def month_visits(facts: Facts, day: date) -> int:
    """Visits of the calendar month that `day` is in, up to and with `day`."""
    return facts.totals(month_start(day), day + timedelta(days=1)).visits
