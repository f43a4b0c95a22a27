"""The one next reachable step of a member: chosen by how few visits away it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal, get_args

from ..activity import Trigger
from ..facts import ANNIVERSARY_YEARS, Facts
from ..programme import ranks, streaks
from ..programme.badges import VisitCount, Years, full_years, progress
from ..programme.earning import (
    AtCounts,
    Award,
    EarningRule,
    FirstTime,
    FixedPoints,
    Limit,
    NthTime,
    PerAmount,
)
from ..programme.programme import Programme
from ..programme.ranks import Ladder, Rank
from ..programme.rewards import (
    NOTHING_WITHHELD,
    ByPurchases,
    ByVisits,
    Withheld,
    in_hand,
    on_offer,
    standing,
)
from ..shop import month_start, next_month, week_start

StepKind = Literal[
    "revive", "first_visit", "keep_rank", "rank_up", "badge", "streak", "anniversary",
    "nth_visit", "nth_purchase", "spend", "reward", "voucher", "reward_ready", "enjoy",
]  # fmt: skip
#: Between steps equally far away: what would be lost first, then what counts most.
_ORDER: tuple[StepKind, ...] = get_args(StepKind)
#: A step further away than this many visits discourages more than it draws.
VISITS_AHEAD_MAX = 5
#: What is given at a certain count is named when it is as near as this: one after the other would
#: always be the nearest.
_COUNT_AHEAD_MAX = 2
#: A year of membership is told so many days before it is full.
_ANNIVERSARY_AHEAD_DAYS = 7
#: What someone spends at a visit, at the least: a guess, to tell how far away points are.
YEN_PER_VISIT = 1_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, and what it leads to."""

    kind: StepKind
    #: How many visits it takes. An anniversary takes none, and stands where one more would.
    visits: int
    #: How much is missing, in `unit`.
    missing: int = 0
    unit: Literal["visits", "points", "spend"] = "visits"
    #: The id of a rank, badge, reward, streak or earning rule.
    target: str | None = None
    #: The last day on which it can be done, an open one; None: no hurry. A voucher's own last day,
    #: and the day of an anniversary.
    until: date | None = None
    #: The length a streak would reach.
    weeks: int = 0
    #: Of membership, that will be full.
    years: int = 0


def next_step(
    programme: Programme, facts: Facts, day: date, withheld: Withheld = NOTHING_WITHHELD
) -> NextStep:
    """The nearest step that can really be reached; "enjoy" when there is none. It leads to no
    reward that is `withheld`.

    A rank about to be lost, or lost and still to be had back, comes before anything nearer: its
    days are counted.
    """
    near = [step for step in _steps(programme, facts, day, withheld) if _is_near(step)]
    return min(near, key=_nearness)


def _is_near(step: NextStep) -> bool:
    # What brings a rank back was promised when it went.
    return step.kind == "revive" or step.visits <= VISITS_AHEAD_MAX


def _nearness(step: NextStep) -> tuple[bool, int, int]:
    is_counted = step.kind in ("keep_rank", "revive")
    return (not is_counted, step.visits, _ORDER.index(step.kind))


def _steps(programme: Programme, facts: Facts, day: date, withheld: Withheld) -> Iterator[NextStep]:
    if facts.visits == 0:
        yield NextStep("first_visit", visits=1, missing=1)
    yield from _rank_steps(programme, facts, day)
    yield from _streak_steps(programme, facts, day)
    yield from _badge_steps(programme, facts, day)
    yield from _anniversary_steps(programme, facts, day)
    yield from _count_steps(programme, facts)
    yield from _reward_steps(programme, facts, day, withheld)
    yield NextStep("enjoy", visits=VISITS_AHEAD_MAX)


def visits_possible(programme: Programme, facts: Facts, start: date, end: date) -> int:
    """How many visits still fit between `start` (today) and `end` (exclusive)."""
    today = facts.totals(start, start + _DAY).visits
    a_day = programme.visits.per_day_max
    days = programme.shop.open_days(start, end)
    # A visit on a day that should have been a closed one takes no place away.
    return max(0, days * a_day - (today if programme.shop.is_open(start) else 0))


def is_likely(visits: int, possible: int) -> bool:
    """Whether somebody may be asked to come so often where so many visits fit: on three days of
    four, but for the last two."""
    return visits <= possible and visits <= max(2, possible * 3 // 4)


def _rank_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    ladder = programme.ranks
    if ladder is None:
        return
    steps = (
        revival_step(programme, facts, day),
        _keeping(programme, ladder, facts, day),
        climb(programme, facts, day),
    )
    yield from filter(None, steps)


def climb(programme: Programme, facts: Facts, day: date) -> NextStep | None:
    """What leads to the next rank up, while there is time to go there."""
    ladder = programme.ranks
    above = ladder.above(facts.rank.id) if ladder else None
    if ladder is None or above is None:
        return None
    return next(_climbs(programme, ladder, above, facts, day), None)


def revival_step(programme: Programme, facts: Facts, day: date) -> NextStep | None:
    """What brings a lost rank back, while it can be done."""
    ladder = programme.ranks
    if ladder is None or ladder.index(facts.rank.lost) <= ladder.index(facts.rank.id):
        return None
    back = ranks.visits_to_revive(ladder, programme.shop, facts, day)
    lost_on = facts.rank.lost_on
    if not back or lost_on is None:
        return None
    ends = ranks.revival_ends(ladder, programme.shop, lost_on)
    if not is_likely(back, visits_possible(programme, facts, day, ends)):
        return None
    until = programme.shop.last_open(ends - _DAY, since=day)
    return NextStep("revive", back, back, target=facts.rank.lost, until=until)


def _keeping(programme: Programme, ladder: Ladder, facts: Facts, day: date) -> NextStep | None:
    missing = ranks.at_risk(ladder, programme.shop, facts, day)
    visits = visits_for(programme, ladder, missing) if missing else None
    end = next_month(day)
    if not missing or not visits or visits > VISITS_AHEAD_MAX:
        return None
    if not is_likely(visits, visits_possible(programme, facts, day, end)):
        return None
    until = programme.shop.last_open(end - _DAY, since=day)
    return NextStep("keep_rank", visits, missing, ladder.measure, facts.rank.id, until)


def keeps_in_vain(programme: Programme, facts: Facts, day: date) -> bool:
    """Whether the rank can't be kept any more by what may be asked of somebody."""
    ladder = programme.ranks
    missing = ranks.at_risk(ladder, programme.shop, facts, day) if ladder else None
    if ladder is None or not missing or visits_for(programme, ladder, missing) is None:
        return False
    return _keeping(programme, ladder, facts, day) is None


def _climbs(
    programme: Programme, ladder: Ladder, above: Rank, facts: Facts, day: date
) -> Iterator[NextStep]:
    """The ways up to `above`, the one that asks least first: each uses what is in the window for
    as long as it stays there, and the next does without its oldest day."""
    start = ranks.window_start(ladder, programme.shop, day + _DAY)
    inside = [d for d in facts.days if d.on >= start and ranks.of_measure(ladder, d)]
    had = [ranks.of_measure(ladder, d) for d in inside]
    for dropped in range(len(inside) + 1):
        oldest = inside[dropped].on if dropped < len(inside) else day
        until = ranks.counts_until(ladder, programme.shop, oldest)
        missing = above.at - sum(had[dropped:])
        visits = visits_for(programme, ladder, missing)
        possible = visits_possible(programme, facts, day, until + _DAY)
        if missing > 0 and visits is not None and is_likely(visits, possible):
            last = programme.shop.last_open(until, since=day)
            yield NextStep("rank_up", visits, missing, ladder.measure, above.id, last)


def visits_for(programme: Programme, ladder: Ladder, missing: int) -> int | None:
    """Roughly how many visits bring `missing` of the ladder's measure; None when none do."""
    match ladder.measure:
        case "visits":
            return missing
        case "points":
            return _visits_for_points(programme, missing)
        case "spend":
            return ceil(missing / YEN_PER_VISIT)


def _visits_for_points(programme: Programme, points: int) -> int | None:
    a_visit = points_per_visit(programme)
    return ceil(points / a_visit) if a_visit else None


def points_per_visit(programme: Programme) -> int:
    """What an ordinary visit brings anybody by the plain rules, with a small purchase if there are
    any; 0 when neither earns."""
    visit = sum(
        rule.award.points
        for rule in programme.earning_on("visit")
        if isinstance(rule.award, FixedPoints) and _is_for_all(rule)
    )
    purchase = sum(
        rule.award.points * (YEN_PER_VISIT // rule.award.yen)
        for rule in programme.earning_on("purchase")
        if isinstance(rule.award, PerAmount) and _is_for_all(rule)
    )
    return visit + purchase


def _is_for_all(rule: EarningRule) -> bool:
    return not (rule.ranks or rule.stores or rule.needs_staff or rule.limit.ever)


def _streak_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    end = week_start(day) + timedelta(days=7)
    for streak in programme.streaks:
        state = streaks.state_of(streak, facts, day)
        missing = streak.goal - state.visits
        if state.met or state.week != week_start(day) or state.weeks == 0 or missing <= 0:
            continue
        if missing <= visits_possible(programme, facts, day, end):
            weeks, until = state.weeks + 1, programme.shop.last_open(end - _DAY, since=day)
            yield NextStep("streak", missing, missing, target=streak.id, until=until, weeks=weeks)


def _badge_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    for badge in programme.badges:
        if badge.hidden or badge.id in facts.badges:
            continue
        # Any visit counts for these; "come at eight" or "in spring" is for the list of badges.
        if not isinstance(badge.needs, VisitCount):
            continue
        had, needed = progress(badge, facts, day)
        if 0 < had < needed:
            yield NextStep("badge", needed - had, needed - had, target=badge.id)


def _anniversary_steps(programme: Programme, facts: Facts, day: date) -> Iterator[NextStep]:
    """What the next full year of membership brings anybody, shortly before. It comes by itself, and
    stands back where one more visit brings something else."""
    joined = facts.joined_on
    ahead = (day + _DAY * n for n in range(1, _ANNIVERSARY_AHEAD_DAYS + 1))
    on = next((each for each in ahead if full_years(joined, each) > full_years(joined, day)), None)
    if on is None or facts.membership != "active":
        return
    years = full_years(joined, on)
    if years <= facts.counts.get(ANNIVERSARY_YEARS, 0):
        return
    brought = next(_brought_by_years(programme, facts, years), None)
    if brought:
        yield NextStep("anniversary", 1, target=brought, until=on, years=years)


def _brought_by_years(programme: Programme, facts: Facts, years: int) -> Iterator[str]:
    """The rules and badges by which that year's end brings anybody something."""
    for rule in programme.earning_on("anniversary"):
        if _is_for_all(rule) and rule.limit == Limit() and _gives_at(rule.award, years):
            yield rule.id
    for badge in programme.badges:
        is_theirs = badge.hidden or badge.id in facts.badges
        if not is_theirs and isinstance(badge.needs, Years) and badge.needs.years == years:
            yield badge.id


def _gives_at(award: Award, n: int) -> bool:
    match award:
        case NthTime():
            return award.hits(n)
        case FirstTime():
            return n == 1
        case _:
            return isinstance(award, FixedPoints)


def _count_steps(programme: Programme, facts: Facts) -> Iterator[NextStep]:
    """What is given at a certain visit, purchase, or sum of all purchases."""
    counts: tuple[tuple[StepKind, Trigger, int], ...] = (
        ("nth_visit", "visit", facts.visits),
        ("nth_purchase", "purchase", facts.counts.get("purchase", 0)),
    )
    for kind, trigger, had in counts:
        for target, at in (*_at_counts(programme, trigger), *_given_at(programme, kind)):
            ahead = range(1, _COUNT_AHEAD_MAX + 1)
            missing = next((n for n in ahead if at.hits(had + n)), None)
            if had and missing:
                yield NextStep(kind, missing, missing, target=target)
    for rule in programme.earning_on("spend") if programme.purchase and facts.spend else ():
        if isinstance(rule.award, PerAmount) and _is_for_all(rule) and rule.limit == Limit():
            yen = rule.award.yen - facts.spend % rule.award.yen
            if (visits := ceil(yen / YEN_PER_VISIT)) <= _COUNT_AHEAD_MAX:
                yield NextStep("spend", visits, yen, "spend", rule.id)


def _at_counts(programme: Programme, trigger: Trigger) -> Iterator[tuple[str, AtCounts]]:
    """The rules that give points to anybody at certain counts of `trigger`."""
    for rule in programme.earning_on(trigger):
        if isinstance(rule.award, NthTime) and _is_for_all(rule) and rule.limit == Limit():
            yield rule.id, rule.award


def _given_at(programme: Programme, kind: StepKind) -> Iterator[tuple[str, AtCounts]]:
    """The rewards that are given to anybody at certain visits or purchases."""
    for reward in programme.rewards:
        given = reward.given
        is_bound = reward.ranks or reward.per_member or reward.stock or reward.starts or reward.ends
        if isinstance(given, ByPurchases | ByVisits) and given.kind == kind and not is_bound:
            yield reward.id, given


def _reward_steps(
    programme: Programme, facts: Facts, day: date, withheld: Withheld
) -> Iterator[NextStep]:
    for held in in_hand(facts, day):
        if programme.reward(held.reward) and not withheld.refusal(held.reward, held.n):
            yield NextStep("voucher", VISITS_AHEAD_MAX, target=held.reward, until=held.until)
    for reward in programme.rewards:
        if reward.cost is None or reward.is_for_others or not on_offer(reward, day):
            continue
        now = standing(reward, facts, day, withheld)
        if not now.is_open:
            continue
        if now.ready:
            yield NextStep("reward_ready", VISITS_AHEAD_MAX, target=reward.id, until=reward.ends)
            continue
        visits = _visits_for_points(programme, now.points_missing)
        end = reward.ends + _DAY if reward.ends else None
        if visits is None:
            continue
        if end is None or visits <= visits_possible(programme, facts, day, end):
            yield NextStep("reward", visits, now.points_missing, "points", reward.id, reward.ends)


def month_visits(facts: Facts, day: date) -> int:
    """Visits of the calendar month that `day` is in, up to and with `day`."""
    return facts.totals(month_start(day), day + _DAY).visits
