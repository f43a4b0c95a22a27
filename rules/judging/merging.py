"""Two members who are one: what the keeper knows after taking the other's history over.

Nothing is lost by it: visits, spend and points add up, of dates the earlier and of ranks the better
stands. What both pass together is paid (`crossing`).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar

from ..facts import (
    ANNIVERSARY_YEARS,
    VISITS_KEPT,
    DayTotal,
    Facts,
    Offer,
    RankState,
    StreakState,
    SubscriptionMark,
    Tally,
    Voucher,
    changed,
    faded,
    joined_pauses,
)
from ..profile import fan_steps
from ..profile.steps import TOLD
from ..programme.ranks import Ladder
from .vouchers import OFFERS_MAX, fullest_hand

T = TypeVar("T")
#: Counts that say "up to which", not "how often": of two, the larger stands.
_MARKS = ("birthday:", ANNIVERSARY_YEARS, TOLD)


def absorb(ladder: Ladder | None, keep: Facts, other: Facts) -> Facts:
    """What is known of `keep` with `other` added, all but the balance. Both are settled up to the
    same day. Whoever joined first was invited, or wasn't."""
    return changed(
        keep,
        joined_on=min(keep.joined_on, other.joined_on),
        source=keep.source if keep.joined_on <= other.joined_on else other.source,
        birthday=keep.birthday or other.birthday,
        invited=_invited(keep, other),
        visits=keep.visits + other.visits,
        spend=keep.spend + other.spend,
        earned=keep.earned + other.earned,
        shortfall=keep.shortfall + other.shortfall,
        first_visit_on=_either(min, keep.first_visit_on, other.first_visit_on),
        last_visit_at=_either(max, keep.last_visit_at, other.last_visit_at),
        last_visit_on=_either(max, keep.last_visit_on, other.last_visit_on),
        last_active_on=_either(max, keep.last_active_on, other.last_active_on),
        stores=tuple(dict.fromkeys((*keep.stores, *other.stores))),
        counts=_counts(keep.counts, other.counts),
        tallies=_joined(_tally, keep.tallies, other.tallies),
        days=_days(keep.days, other.days),
        rank=_rank(ladder, keep.rank, other.rank),
        streaks=_joined(_streak, keep.streaks, other.streaks),
        badge_counts=dict(Counter(keep.badge_counts) + Counter(other.badge_counts)),
        badges=_joined(min, keep.badges, other.badges),
        perks=_joined(max, keep.perks, other.perks),
        subscriptions=_joined(_said_later, keep.subscriptions, other.subscriptions),
        fan_invited_on=_either(min, keep.fan_invited_on, other.fan_invited_on),
        fan=_either(fan_steps.together, keep.fan, other.fan),
        visit_days=tuple(sorted({*keep.visit_days, *other.visit_days}))[-VISITS_KEPT:],
        visit_day_count=_visit_day_count(keep, other),
        recent=_recent(keep, other),
        vouchers=_vouchers(keep, other),
        offers=_offers(keep, other),
        pauses=joined_pauses((*keep.pauses, *other.pauses)),
    )


def _shared_days(keep: Facts, other: Facts) -> set[date]:
    """The days on which both came, as far as either knows."""
    return {*keep.visit_days} & {*other.visit_days}


def _visit_day_count(keep: Facts, other: Facts) -> int:
    return keep.visit_day_count + other.visit_day_count - len(_shared_days(keep, other))


def _recent(keep: Facts, other: Facts) -> float:
    """Both cards' days with a visit as they weigh on the last of them, shared ones once."""
    last = _either(max, keep.last_visit_on, other.last_visit_on)
    if last is None:
        return 0.0
    found = sum(
        faded(each.recent, (last - each.last_visit_on).days)
        for each in (keep, other)
        if each.last_visit_on
    )
    return found - sum(faded(1, (last - day).days) for day in _shared_days(keep, other))


def _invited(keep: Facts, other: Facts) -> bool:
    if keep.joined_on == other.joined_on:
        return keep.invited or other.invited
    return min(keep, other, key=lambda facts: facts.joined_on).invited


def _vouchers(keep: Facts, other: Facts) -> tuple[Voucher, ...]:
    """Both hands together. The other's get the numbers after those that the keeper was given."""
    theirs = [
        replace(voucher, n=voucher.n + keep.counts.get(f"given:{voucher.reward}", 0))
        for voucher in other.vouchers
    ]
    return fullest_hand((*keep.vouchers, *theirs))


def _offers(keep: Facts, other: Facts) -> tuple[Offer, ...]:
    """What was promised to either; of the same journey, what was promised last."""
    both = sorted((*other.offers, *keep.offers), key=lambda offer: offer.made_on)
    return tuple({offer.journey: offer for offer in both}.values())[-OFFERS_MAX:]


def _either(choose: Callable[[T, T], T], mine: T | None, theirs: T | None) -> T | None:
    """The one there is, or the chosen of both."""
    if mine is None or theirs is None:
        return mine if theirs is None else theirs
    return choose(mine, theirs)


def _joined(
    choose: Callable[[T, T], T], mine: Mapping[str, T], theirs: Mapping[str, T]
) -> dict[str, T]:
    both = {name: choose(mine[name], theirs[name]) for name in mine.keys() & theirs.keys()}
    return {**mine, **theirs, **both}


def _counts(mine: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    names = {**mine, **theirs}
    return {
        name: (max if name.startswith(_MARKS) else _plus)(mine.get(name, 0), theirs.get(name, 0))
        for name in names
    }


def _plus(mine: int, theirs: int) -> int:
    return mine + theirs


def _tally(mine: Tally, theirs: Tally) -> Tally:
    on = max(mine.on, theirs.on)
    one, other = mine.as_of(on), theirs.as_of(on)
    numbers = (field.name for field in fields(Tally) if field.name != "on")
    return Tally(on, **{name: getattr(one, name) + getattr(other, name) for name in numbers})


def _days(mine: tuple[DayTotal, ...], theirs: tuple[DayTotal, ...]) -> tuple[DayTotal, ...]:
    found: dict[date, DayTotal] = {}
    for day in sorted((*mine, *theirs), key=lambda day: day.on):
        had = found.get(day.on, DayTotal(day.on))
        found[day.on] = DayTotal(
            day.on, had.visits + day.visits, had.points + day.points, had.yen + day.yen
        )
    return tuple(found.values())


def _rank(ladder: Ladder | None, mine: RankState, theirs: RankState) -> RankState:
    """The higher rank, with the higher of the lost ones that can still be revived above it."""
    if ladder is None:
        return mine
    better = max((mine, theirs), key=lambda state: (ladder.index(state.id), -state.short))
    lost = [s for s in (mine, theirs) if ladder.index(s.lost) > ladder.index(better.id)]
    if not lost:
        return replace(better, lost=None, lost_on=None)
    last = max(lost, key=lambda state: (ladder.index(state.lost), state.lost_on or date.min))
    return replace(better, lost=last.lost, lost_on=last.lost_on)


def _said_later(mine: SubscriptionMark, theirs: SubscriptionMark) -> SubscriptionMark:
    return max((mine, theirs), key=lambda mark: mark.at)


def _streak(mine: StreakState, theirs: StreakState) -> StreakState:
    """The longer streak goes on, with the visits of this week together."""
    longer = max((mine, theirs), key=lambda state: (state.week, state.weeks, state.met))
    same_week = mine.week == theirs.week
    return replace(
        longer,
        visits=mine.visits + theirs.visits if same_week else longer.visits,
        best=max(mine.best, theirs.best),
        freezes=max(mine.freezes, theirs.freezes),
    )
