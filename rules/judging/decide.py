"""The one decision: (programme, facts, activity) → what follows, or a refusal.

`apply` is what the actions call: it first judges the weeks and months that have ended since
(`advance`), then decides on the activity by the version in force when it happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..activity import (
    Absorbed,
    Activity,
    Adjustment,
    Anniversary,
    BirthdayTold,
    BroughtAlong,
    Expiry,
    FanStepsAnswered,
    Invited,
    MembershipChanged,
    Merged,
    Occasion,
    Offered,
    PerkGiven,
    ProfileTold,
    Purchase,
    Redemption,
    Subscribed,
    TakenBack,
    Trigger,
    Unsubscribed,
    Visit,
    Visitors,
)
from ..base import Refusal
from ..facts import ANNIVERSARY_YEARS, Birthday, Facts, Voucher, changed
from ..profile import fan_steps
from ..profile.steps import TOLD
from ..programme import badges, birthdays, ranks, streaks
from ..programme.campaigns import add_campaigns
from ..programme.earning import Earnings, Grant, Limit, count, earn, give, join
from ..programme.points import keeps_points
from ..programme.programme import Programme
from ..programme.purchases import counting_yen
from ..programme.ranks import RankChange
from ..programme.subscriptions import note_mark
from ..programme.timeline import Timeline
from ..shop import month_start, next_month, week_start
from . import carried, crossing, merging, placing, taken_back, vouchers
from .one_visit_short import close_until
from .refuse import refuse
from .rest import rested
from .taken_back import BROUGHT, STAMPS, spent_by
from .triggers import occurrences, triggers

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an activity."""

    #: The member after it.
    facts: Facts
    #: What earning rules looked at in it.
    triggers: tuple[Trigger, ...] = ()
    #: Points given.
    grants: tuple[Grant, ...] = ()
    #: Points taken, by the rule named.
    spent: Grant | None = None
    rank_changes: tuple[RankChange, ...] = ()
    badges: tuple[str, ...] = ()
    #: Rules that staff must confirm first.
    waiting: tuple[str, ...] = ()
    #: Rules that would have given, or given more, but for a limit.
    capped: tuple[str, ...] = ()
    #: Whether it invited to the fan steps.
    invited: bool = False
    #: New in the member's hand.
    vouchers: tuple[Voucher, ...] = ()

    @property
    def points(self) -> int:
        """The points given in all."""
        return _points(self.grants)


def apply(
    timeline: Timeline, facts: Facts, activity: Activity, *, stands: bool = False
) -> Decision | Refusal:
    """What follows from `activity`, which must not be late (`facts.is_late`): then replay. What
    `stands` was taken once, and is so again whatever the points."""
    settled, changes = advance(timeline, facts, activity.day)
    return apply_settled(timeline, settled, activity, changes=changes, stands=stands)


def apply_settled(
    timeline: Timeline,
    facts: Facts,
    activity: Activity,
    *,
    changes: tuple[RankChange, ...],
    stands: bool = False,
) -> Decision | Refusal:
    """The same for `facts` that `advance` brought up to the activity's day, with the `changes` on
    the way."""
    facts, placed = placing.place(timeline, facts, activity.at)
    decision = decide(timeline.at(activity.at).programme, facts, activity, stands=stands)
    if isinstance(decision, Refusal) or not (changes or placed):
        return decision
    return replace(decision, rank_changes=changes + placed + decision.rank_changes)


def advance(timeline: Timeline, facts: Facts, day: date) -> tuple[Facts, tuple[RankChange, ...]]:
    """`facts` with every week and month that ended by the start of `day` judged, in order, and on
    the ladder that holds by then."""
    changes: list[RankChange] = []
    while (boundary := next_boundary(facts.settled)) <= day:
        if (quiet := rested(timeline, facts, boundary, day)) is not None:
            facts = quiet
            continue
        programme = timeline.before(boundary).programme
        facts, placed = _placed_by(timeline, facts, boundary)
        facts, change = _close(programme, facts, boundary)
        changes += (*placed, change) if change else placed
    facts, placed = _placed_by(timeline, facts, day)
    return facts, (*changes, *placed)


def _placed_by(timeline: Timeline, facts: Facts, day: date) -> tuple[Facts, tuple[RankChange, ...]]:
    if not placing.is_due(timeline, facts):
        return facts, ()
    shop = timeline.before(day).programme.shop
    return placing.place(timeline, facts, shop.opens(day) - timedelta.resolution)


def next_boundary(day: date) -> date:
    """The next first of a month or Monday after `day`."""
    return min(next_month(day), week_start(day) + timedelta(days=7))


def _close(programme: Programme, facts: Facts, boundary: date) -> tuple[Facts, RankChange | None]:
    change = None
    if boundary.weekday() == 0:
        for streak in programme.streaks:
            week = boundary - timedelta(days=7)
            facts = streaks.close_week(streak, programme.shop, facts, week)
    if boundary.day == 1 and programme.ranks:
        month = month_start(boundary - timedelta(days=1))
        facts, change = ranks.close_month(programme.ranks, programme.shop, facts, month)
    if change:
        facts = changed(facts, close_until=close_until(programme, facts, boundary))
    return changed(vouchers.without_ended(facts, boundary), settled=boundary), change


def decide(
    programme: Programme, facts: Facts, activity: Activity, *, stands: bool = False
) -> Decision | Refusal:
    """What follows from `activity` alone, by `programme`, for a member with settled periods."""
    if facts.segments != activity.segments:
        facts = changed(facts, segments=activity.segments)
    refusal = refuse(programme, facts, activity)
    if refusal and not stands:
        return refusal
    found = triggers(programme, facts, activity)
    counted = _count(programme, facts, activity, found)
    earned = _earn(programme, facts, counted, activity, found)
    earned, kept = vouchers.keep_promises(programme, earned, activity)
    earned = _climb(programme, earned, activity)
    after, new_badges = _award_badges(programme, earned, activity)
    spent = spent_by(activity)
    done = _note_earned(after.facts, activity.day, _points(after.grants))
    done, rank_change = _move_rank(
        programme, done, activity, before=facts.rank.id, earned=bool(after.grants or found)
    )
    done, owed = taken_back.settle(done, activity, found, _points(after.grants))
    after = _adjusted(after, activity, owed)
    taken = spent.points if spent else 0
    done, invited = _invite(programme, done, activity)
    if rank_change or isinstance(activity.what, Visit | Absorbed):
        done = changed(done, close_until=close_until(programme, done, activity.day))
    done, given = vouchers.give_vouchers(programme, done, activity, found, rank_change)
    done = vouchers.without_ended(done, activity.day)
    done = done.forgetting(activity.day - timedelta(days=programme.memory_days))
    return Decision(
        changed(
            done,
            balance=done.balance + _points(after.grants) - taken,
            last_at=max(facts.last_at, activity.at),
            segments=(),
        ),
        triggers=found,
        grants=after.grants,
        spent=spent,
        rank_changes=(rank_change,) if rank_change else (),
        badges=new_badges,
        waiting=after.waiting,
        capped=after.capped,
        invited=invited,
        vouchers=kept + given,
    )


def _count(
    programme: Programme, facts: Facts, activity: Activity, found: tuple[Trigger, ...]
) -> Facts:
    """`facts` with the activity itself counted, before anything that follows from it."""
    what = activity.what
    for trigger in found:
        facts = changed(facts, counts=_plus_one(facts.counts, trigger))
    if keeps_points(programme.points, what, found):
        facts = changed(facts, last_active_on=max(facts.active_on, activity.day))
    match what:
        case Visit():
            return _count_visit(programme, facts, activity)
        case Purchase() if programme.purchase is not None:
            yen = counting_yen(programme.purchase, what)
            return changed(facts, spend=facts.spend + yen).on_day(activity.day, yen=yen)
        case Occasion(trigger="birthday") if found:
            # Only the newest year is kept: nothing looks at older ones.
            older = {k: n for k, n in facts.counts.items() if not k.startswith("birthday:")}
            return changed(facts, counts={**older, f"birthday:{activity.day.year}": 1})
        case Anniversary(years=years) if found:
            return changed(facts, counts={**facts.counts, ANNIVERSARY_YEARS: years})
        case FanStepsAnswered(accepted=accepted):
            return fan_steps.answer(facts, activity.day, accepted=accepted)
        case Subscribed() | Unsubscribed():
            return note_mark(facts, activity, what)
        case BroughtAlong():
            return carried.with_brought(facts, what, activity.day)
        case _:
            return _note(programme, facts, activity)


def _note(programme: Programme, facts: Facts, activity: Activity) -> Facts:
    """`facts` with what the activity says of the member, where nothing is counted."""
    match what := activity.what:
        case BirthdayTold(month=month, day=day, year=year):
            born, by_staff = Birthday(month, day, year), activity.by == "staff"
            return changed(facts, birthday=birthdays.told(facts.birthday, born, by_staff=by_staff))
        case ProfileTold(step=step):
            return changed(facts, counts={**facts.counts, f"{TOLD}{step}": 1})
        case Invited():
            return changed(facts, invited=True)
        case MembershipChanged(state=state):
            return facts.with_membership(state, activity.day)
        case Absorbed():
            return merging.absorb(programme.ranks, facts, carried.facts_in(what))
        case Merged():
            return facts.with_membership("left", activity.day)
        case Redemption(reward=reward, points=points):
            facts = vouchers.use(facts, what) if what.voucher is not None else facts
            return count(facts, f"reward:{reward}", points, activity)
        case PerkGiven(perk=perk):
            return changed(facts, perks={**facts.perks, perk: activity.day})
        case Offered():
            return vouchers.promise(facts, what, activity.day)
        case _:
            return facts


def _count_visit(programme: Programme, facts: Facts, activity: Activity) -> Facts:
    stores = facts.stores
    if activity.store and activity.store not in stores:
        stores = (*stores, activity.store)
    facts = changed(
        facts,
        visits=facts.visits + 1,
        stores=stores,
        first_visit_on=facts.first_visit_on or activity.day,
        last_visit_at=activity.at,
        last_visit_on=activity.day,
    )
    facts = fan_steps.with_visit(facts)
    facts = facts.came_on(activity.day).on_day(activity.day, visits=1)
    return badges.count_towards(programme.timed_badges, programme.shop, facts, activity)


def _plus_one(counts: dict[str, int], key: str) -> dict[str, int]:
    return {**counts, key: counts.get(key, 0) + 1}


def _earn(
    programme: Programme,
    before: Facts,
    counted: Facts,
    activity: Activity,
    found: tuple[Trigger, ...],
) -> Earnings:
    if isinstance(activity.what, Absorbed):
        return crossing.earn_together(programme, before, counted, activity)
    facts, found_here = occurrences(programme, before, counted, activity, found)
    result = Earnings(facts)
    for occurrence in found_here:
        earned = earn(programme.earning_on(occurrence.trigger), result.facts, occurrence)
        campaigns = programme.campaigns_on(occurrence.trigger)
        earned = add_campaigns(campaigns, programme.shop, before, earned, occurrence)
        result = join(result, earned)
    return result


def _climb(programme: Programme, earned: Earnings, activity: Activity) -> Earnings:
    """With the fan steps done, where this was the last; what is not of the member's own doing is
    none, as for badges."""
    if not _is_own(activity):
        return earned
    asked = programme.profile.asked
    climbed = fan_steps.climb(programme.fan_steps, earned.facts, activity.day, asked)
    return earned if climbed is earned.facts else replace(earned, facts=climbed)


def _award_badges(
    programme: Programme, earned: Earnings, activity: Activity
) -> tuple[Earnings, tuple[str, ...]]:
    if not _is_own(activity):
        return earned, ()
    new = badges.newly_earned(programme.badges, earned.facts, activity.day)
    for badge in new:
        facts = earned.facts
        facts = changed(facts, badges={**facts.badges, badge.id: activity.day})
        earned = replace(earned, facts=facts)
        if badge.points:
            earned = join(earned, give(facts, badge.rule_id, Limit(), badge.points, activity))
    return earned, tuple(badge.id for badge in new)


def _is_own(activity: Activity) -> bool:
    """Whether it is of the member's doing, or an occasion of theirs: nobody wants to hear of a
    badge because points ran out in the night."""
    return not isinstance(
        activity.what,
        Expiry | Adjustment | BroughtAlong | MembershipChanged | Offered | PerkGiven | Subscribed
        | Unsubscribed | TakenBack | Visitors | Merged,
    )  # fmt: skip


def _adjusted(earned: Earnings, activity: Activity, owed: tuple[Grant, ...]) -> Earnings:
    """With what was not earned by it."""
    match activity.what:
        case Adjustment(points=points) if points > 0:
            return replace(earned, grants=(*earned.grants, Grant(taken_back.BY_HAND, points)))
        case BroughtAlong(points=points, stamps=stamps) if points > 0:
            given = Grant(STAMPS if stamps else BROUGHT, points)
            return replace(earned, grants=(*earned.grants, given))
        case Absorbed() as absorbed:
            return replace(earned, grants=(*carried.grants(absorbed), *earned.grants))
        case _:
            return replace(earned, grants=(*earned.grants, *owed)) if owed else earned


def _points(grants: Iterable[Grant]) -> int:
    return sum(grant.points for grant in grants)


def _note_earned(facts: Facts, day: date, points: int) -> Facts:
    """Points that were earned count towards ranks; what a manager's hand puts there or takes, and
    what comes over from another card, was not earned by it."""
    if not points:
        return facts
    return changed(facts, earned=facts.earned + points).on_day(day, points=points)


def _move_rank(
    programme: Programme, facts: Facts, activity: Activity, *, before: str | None, earned: bool
) -> tuple[Facts, RankChange | None]:
    taken_over = isinstance(activity.what, Absorbed | BroughtAlong)
    if programme.ranks is None or not (earned or taken_over):
        return facts, None
    facts, revived = ranks.revive(programme.ranks, programme.shop, facts, activity.day)
    facts, promoted = ranks.promote(programme.ranks, programme.shop, facts, activity.day)
    last = promoted or revived
    if last is None and facts.rank.id != before:
        return facts, RankChange(before, facts.rank.id, activity.day, "merged")
    return facts, replace(last, before=before) if last else None


def _invite(programme: Programme, facts: Facts, activity: Activity) -> tuple[Facts, bool]:
    steps = programme.fan_steps
    if steps is None or facts.fan_invited_on or facts.fan:
        return facts, False
    if not isinstance(activity.what, Visit | Absorbed):
        return facts, False
    this_month = facts.totals(month_start(activity.day), activity.day + _DAY)
    if this_month.visits < steps.visits_in_month:
        return facts, False
    return changed(facts, fan_invited_on=activity.day), True
