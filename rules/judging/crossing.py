"""What two cards pass together that neither had passed by itself: 3 stamps and 3 more make 6, and
every fifth is free; half of a profile and the other half are a whole one. It is paid once, when
they are merged; whatever only asks "as much as" (ranks, badges) sees the sum by itself.
"""

from ..activity import Absorbed, Activity, StepId
from ..facts import Facts, changed
from ..profile.steps import told
from ..programme import streaks
from ..programme.earning import (
    EarningRule,
    Earnings,
    NthTime,
    Occurrence,
    PerAmount,
    earn,
    give,
    join,
    steps_together,
)
from ..programme.programme import Programme
from ..programme.rewards import ByDeliveries, ByPurchases, ByVisits, Reward
from .carried import facts_in


def earn_together(
    programme: Programme, before: Facts, after: Facts, activity: Activity
) -> Earnings:
    """What the keeper, `before` and `after` taking the other over, gets for it."""
    result = Earnings(after)
    if not isinstance(activity.what, Absorbed):
        return result
    other = facts_in(activity.what)
    for rule in programme.earning:
        for points in _points(rule, before, other):
            result = join(result, give(result.facts, rule.id, rule.limit, points, activity))
    result = _complete_profile(programme, result, activity, (told(before), told(other)))
    return _keep_streaks(programme, result, activity)


def _complete_profile(
    programme: Programme, result: Earnings, activity: Activity, parts: tuple[set[StepId], ...]
) -> Earnings:
    asked, counts = set(programme.profile.asked), result.facts.counts
    is_whole = any(asked <= part for part in parts)
    if counts.get("profile") or is_whole or asked.difference(*parts):
        return result
    facts = changed(result.facts, counts={**counts, "profile": 1})
    earned = earn(programme.earning_on("profile"), facts, Occurrence("profile", 1, activity))
    return join(result, earned)


def _points(rule: EarningRule, mine: Facts, theirs: Facts) -> list[int]:
    """What `rule` gives, once for each of its counts or amounts that lies between."""
    match rule.award:
        case NthTime(points=points) as award if rule.on not in ("anniversary", "streak"):
            key = f"rule:{rule.id}" if rule.counts_itself else rule.on
            times = award.passed_together(mine.counts.get(key, 0), theirs.counts.get(key, 0))
        case PerAmount(points=points, yen=yen) if rule.on == "spend":
            held = not rule.ranks or mine.rank.id in rule.ranks
            times = steps_together(yen, mine.spend, theirs.spend) if held else 0
        case _:
            return []
    return [points] * times


def _keep_streaks(programme: Programme, result: Earnings, activity: Activity) -> Earnings:
    for streak in programme.streaks:
        facts, weeks = streaks.count_together(streak, result.facts, activity.day)
        if weeks is None:
            continue
        kept = Occurrence("streak", weeks, activity, streak=streak.id)
        earned = earn(programme.earning_on("streak"), facts, kept)
        result = join(result, earned)
    return result


def vouchers_together(reward: Reward, after: Facts, absorbed: Absorbed) -> int:
    """How many vouchers of `reward` the counts of both bring that neither's had brought."""
    theirs = facts_in(absorbed)
    match reward.given:
        case ByPurchases() as counts:
            both, had = after.counts.get("purchase", 0), theirs.counts.get("purchase", 0)
        case ByDeliveries() as counts:
            both, had = after.counts.get("delivery", 0), theirs.counts.get("delivery", 0)
        case ByVisits() as counts:
            both, had = after.visits, theirs.visits
        case _:
            return 0
    return counts.passed_together(both - had, had)
