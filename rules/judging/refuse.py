"""Why an activity can't be taken: asked before anything is decided."""

from datetime import timedelta

from ..activity import (
    Activity,
    Adjustment,
    Anniversary,
    BirthdayTold,
    BroughtAlong,
    Expiry,
    MembershipChanged,
    Merged,
    Occasion,
    Offered,
    PerkGiven,
    Purchase,
    Redemption,
    Sampled,
    Subscribed,
    TakenBack,
    Unsubscribed,
    Visit,
    What,
)
from ..base import Refusal
from ..facts import ANNIVERSARY_YEARS, STAMPS_MOVED, Facts
from ..programme.birthdays import check_birthday
from ..programme.programme import Programme, VisitPolicy
from ..programme.purchases import check_purchase
from ..programme.rewards import check_redemption
from ..programme.subscriptions import check_perk, held_perks
from . import vouchers

_DAY = timedelta(days=1)
#: What happens to the card of somebody who left all the same.
_OPEN_TO_LEAVERS = (
    MembershipChanged, Subscribed, Unsubscribed, Expiry, Adjustment, BroughtAlong, TakenBack, Merged
)  # fmt: skip


def refuse(programme: Programme, facts: Facts, activity: Activity) -> Refusal | None:
    """Why `activity` can't be taken; None when it can."""
    what = activity.what
    if facts.membership == "left" and not _is_open_to_leavers(what):
        return Refusal("left")
    match what:
        case Visit():
            return _refuse_visit(programme, facts, activity)
        case Purchase():
            if programme.purchase is None:
                return Refusal("no_purchases")
            clock = programme.shop.local(activity.at).date()
            return check_purchase(programme.purchase, what, activity.day, clock=clock)
        case BirthdayTold(month=month, day=day, year=year):
            policy, today = programme.profile, activity.day
            # Staff put right what was told wrong, however often it was changed.
            known = None if activity.by == "staff" else facts.birthday
            return check_birthday(policy, known, year, today, month=month, day=day)
        case Occasion() | Anniversary() | PerkGiven():
            return _refuse_again(programme, facts, activity)
        case MembershipChanged(state=state) if state == facts.membership:
            return Refusal("membership_same")
        case Offered() | Sampled():
            return vouchers.check_offer(programme, what, activity.day)
        case Redemption() | Expiry() | Adjustment() | BroughtAlong() | Merged():
            return _refuse_points(programme, facts, activity)
        case _:
            return None


def _is_open_to_leavers(what: What) -> bool:
    """Whether it can happen to somebody who left."""
    is_stamps = isinstance(what, BroughtAlong) and what.stamps
    return isinstance(what, _OPEN_TO_LEAVERS) and not is_stamps


def _refuse_again(programme: Programme, facts: Facts, activity: Activity) -> Refusal | None:
    match activity.what:
        case Occasion(trigger="birthday") if facts.counts.get(f"birthday:{activity.day.year}"):
            return Refusal("birthday_again")
        case Anniversary(years=years) if years <= facts.counts.get(ANNIVERSARY_YEARS, 0):
            return Refusal("anniversary_again")
        case PerkGiven(perk=perk):
            held = held_perks(programme.ranks, programme.subscriptions, facts, activity.day)
            return check_perk(held, facts, activity.day, perk)
        case _:
            return None


def _refuse_points(programme: Programme, facts: Facts, activity: Activity) -> Refusal | None:
    match activity.what:
        case Redemption(reward=reward, points=points, voucher=n):
            known = programme.reward(reward)
            refusal = check_redemption(known, facts, activity.day, voucher_n=n)
            short = points != 0 if n is not None else not 0 < points <= facts.balance
            return refusal or (Refusal("reward_points") if short else None)
        case Merged(points=points) if points != facts.balance:
            return Refusal("points_short")
        case Expiry(points=points) if not 0 < points <= facts.balance:
            return Refusal("points_short")
        case BroughtAlong(stamps=stamps) if stamps and facts.counts.get(STAMPS_MOVED):
            return Refusal("stamps_again")
        case BroughtAlong(points=0, visits=0):
            return Refusal("brought_nothing")
        case BroughtAlong(points=points) if facts.balance + points < 0:
            return Refusal("points_short")
        case Adjustment(points=points) if points == 0 or facts.balance + points < 0:
            return Refusal("points_short")
        case _:
            return None


def _refuse_visit(programme: Programme, facts: Facts, activity: Activity) -> Refusal | None:
    policy, shop = programme.visits, programme.shop
    today = facts.totals(activity.day, activity.day + _DAY)
    if today.visits >= policy.per_day_max:
        return Refusal("visited_today", again_at=shop.opens(activity.day + _DAY))
    return _refuse_too_soon(policy, facts, activity)


def _refuse_too_soon(policy: VisitPolicy, facts: Facts, activity: Activity) -> Refusal | None:
    if facts.last_visit_at is None:
        return None
    again_at = facts.last_visit_at + timedelta(minutes=policy.gap_minutes_min)
    return Refusal("visited_just_now", again_at=again_at) if activity.at < again_at else None
