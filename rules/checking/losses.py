"""What a new version of the programme takes from people: what they hold by ids that are renamed or
gone, ranks that move, points that would buy less."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Protocol

from ..base import Lang, LocalText
from ..facts import Offer, RankState, StreakState, SubscriptionMark, Voucher
from ..programme.points import ByInactivity
from ..programme.programme import Programme
from ..programme.ranks import Ladder
from ..programme.rewards import Reward, on_offer
from ..wording.texts import say
from .caution import Remark


@dataclass(frozen=True, slots=True)
class Loss(Remark):
    """Something that people have and would have no more (`loss.<code>` in the texts)."""

    def message(self, lang: Lang) -> str:
        """What it is, and how many lose it."""
        return say(lang, f"loss.{self.code}", **self.shown(lang))


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many have what, by the programme's ids."""

    #: The members who hold that rank or badge, or are in that streak.
    ranks: Counter[str] = field(default_factory=Counter)
    badges: Counter[str] = field(default_factory=Counter)
    streaks: Counter[str] = field(default_factory=Counter)
    #: The members who subscribe to that now.
    subscriptions: Counter[str] = field(default_factory=Counter)
    #: The vouchers of that reward in hand, and the promises of it that wait for a visit.
    vouchers: Counter[str] = field(default_factory=Counter)
    #: The staff and devices of that branch.
    desks: Counter[str] = field(default_factory=Counter)
    #: The members who were given that perk.
    perks: Counter[str] = field(default_factory=Counter)
    #: The points of everybody who has some, fewest first.
    balances: tuple[int, ...] = ()

    def with_points(self, least: int, below: int | None = None) -> int:
        """How many members have `least` points or more, but fewer than `below`."""
        end = len(self.balances) if below is None else bisect_left(self.balances, below)
        return max(0, end - bisect_left(self.balances, least))


@dataclass(frozen=True, slots=True)
class MemberHoldings:
    """What one member holds: these of the `Facts`, whose names they have."""

    rank: RankState
    badges: dict[str, date]
    streaks: dict[str, StreakState]
    vouchers: tuple[Voucher, ...]
    offers: tuple[Offer, ...]
    balance: int
    #: What was kept before anybody could subscribe has none.
    subscriptions: dict[str, SubscriptionMark] = field(default_factory=dict)
    perks: dict[str, date] = field(default_factory=dict)


def holdings_of(everyone: Iterable[MemberHoldings], desks: Counter[str], *, day: date) -> Holdings:
    """What `everyone` holds on `day`."""
    held = Holdings(desks=desks)
    balances = []
    for one in everyone:
        held.ranks.update([one.rank.id] if one.rank.id else [])
        held.badges.update(list(one.badges))
        held.streaks.update(s for s, state in one.streaks.items() if state.weeks > 0)
        held.subscriptions.update(s for s, m in one.subscriptions.items() if m.holds_on(day))
        held.perks.update(list(one.perks))
        held.vouchers.update(voucher.reward for voucher in one.vouchers if voucher.until >= day)
        held.vouchers.update(o.reward for o in one.offers if o.reward and o.until >= day)
        balances += [one.balance] if one.balance > 0 else []
    return Holdings(
        *(held.ranks, held.badges, held.streaks, held.subscriptions, held.vouchers),
        *(desks, held.perks, tuple(sorted(balances))),
    )


class _Part(Protocol):
    """A part of a programme with a name of its own."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> LocalText: ...


def losses(old: Programme, new: Programme, held: Holdings, *, day: date) -> tuple[Loss, ...]:
    """Everything that `new` takes on `day` from those who have it by `old`, with how many they
    are. Empty when nobody loses anything."""
    return (
        *_gone("ranks.steps", _steps(old), _steps(new), held.ranks),
        *_ladder(old.ranks, new.ranks, held),
        *_gone("badges", old.badges, new.badges, held.badges),
        *_gone("streaks", old.streaks, new.streaks, held.streaks),
        *_gone("subscriptions", old.subscriptions, new.subscriptions, held.subscriptions),
        *_gone("perks", _perks(old), _perks(new), held.perks),
        *_harder_streaks(old, new, held),
        *_gone("rewards", old.rewards, new.rewards, held.vouchers),
        *_rewards(old, new, held, day),
        *_gone("stores", old.stores, new.stores, held.desks),
        *_expiry(old, new, held),
    )


def may_lose(old: Programme, new: Programme, *, day: date) -> bool:
    """Whether there can be anybody who loses something by `new`: else nobody need be asked what
    they have."""
    held = Holdings(
        Counter(part.id for part in _steps(old)),
        Counter(badge.id for badge in old.badges),
        Counter(streak.id for streak in old.streaks),
        Counter(each.id for each in old.subscriptions),
        Counter(reward.id for reward in old.rewards),
        Counter(store.id for store in old.stores),
        Counter(perk.id for perk in _perks(old)),
        tuple(sorted({1, *(reward.cost for reward in old.rewards if reward.cost)})),
    )
    return bool(losses(old, new, held, day=day))


def _steps(programme: Programme) -> Sequence[_Part]:
    return programme.ranks.steps if programme.ranks else ()


@dataclass(frozen=True, slots=True)
class _GivenPerk:
    """A perk that staff give, by what the members' histories know it by."""

    id: str
    name: LocalText


def _perks(programme: Programme) -> Sequence[_Part]:
    ranks = programme.ranks.steps if programme.ranks else ()
    perks = chain(
        (perk for rank in ranks for perk in rank.perks),
        (perk for each in programme.subscriptions for perk in each.perks),
    )
    given = {perk.key: perk for perk in perks if perk.is_given}
    return [_GivenPerk(key, perk.name) for key, perk in given.items()]


def _path(section: str, part: _Part) -> str:
    return f'{section} "{part.id}"'


def _gone(
    section: str, before: Sequence[_Part], after: Sequence[_Part], held: Counter[str]
) -> Iterator[Loss]:
    """Parts that somebody holds and that are no more; or only have another id, which is the same to
    whoever holds them."""
    kept = {part.id for part in after}
    fresh = [part for part in after if part.id not in {known.id for known in before}]
    for part in before:
        count = held[part.id]
        if part.id in kept or not count:
            continue
        values = {"name": part.name, "count": count, "id": part.id}
        code = f"gone_{section.partition('.')[0]}"
        yield Loss(_path(section, part), code, values)
        again = next((new for new in fresh if new.name.ja == part.name.ja), None)
        if again:
            values = {"id": part.id, "now": again.id}
            yield Loss(_path(section, again), "renamed", values)


def _ladder(old: Ladder | None, new: Ladder | None, held: Holdings) -> Iterator[Loss]:
    if old is None or new is None:
        return
    holders = sum(held.ranks[step.id] for step in new.steps)
    changed_parts = ("measure", "window")
    stricter = any(getattr(old, part) != getattr(new, part) for part in changed_parts)
    if holders and (stricter or new.grace_periods < old.grace_periods):
        yield Loss("ranks", "ladder_changed", {"count": holders})
    if old.measure != new.measure:
        return
    for step in new.steps:
        before, count = old.get(step.id), held.ranks[step.id]
        if before is None or not count:
            continue
        values = {"name": step.name, "count": count, "before": before.at, "at": step.at}
        if step.at > before.at:
            yield Loss(_path("ranks.steps", step), "rank_harder", values)
        elif passed := _passed(old, new, step.id):
            values = {"name": step.name, "count": count, "other": passed}
            yield Loss(_path("ranks.steps", step), "rank_lower", values)


def _passed(old: Ladder, new: Ladder, rank: str) -> LocalText | None:
    """The name of a rank that stood below `rank` and stands above it now."""
    for step in new.steps[new.index(rank) + 1 :]:
        if 0 <= old.index(step.id) < old.index(rank):
            return step.name
    return None


def _harder_streaks(old: Programme, new: Programme, held: Holdings) -> Iterator[Loss]:
    goals = {streak.id: streak.goal for streak in old.streaks}
    for streak in new.streaks:
        before, count = goals.get(streak.id), held.streaks[streak.id]
        if before is not None and count and streak.goal > before:
            values = {"name": streak.name, "count": count, "before": before, "goal": streak.goal}
            yield Loss(_path("streaks", streak), "streak_harder", values)


def _rewards(old: Programme, new: Programme, held: Holdings, day: date) -> Iterator[Loss]:
    for before in old.rewards:
        after = new.reward(before.id)
        path = _path("rewards", before)
        if on_offer(before, day) and (count := _saved_in_vain(before, after, held)):
            values = {"name": before.name, "count": count, "cost": before.cost}
            more = {"now": after.cost} if after and after.cost else {}
            yield Loss(path, "reward_dearer" if more else "reward_gone", values | more)
        count = held.vouchers[before.id]
        if after and count and _worth_less(before, after):
            yield Loss(path, "voucher_worth_less", {"name": before.name, "count": count})


def _saved_in_vain(before: Reward, after: Reward | None, held: Holdings) -> int:
    """How many have the points for `before` and haven't for what it is now."""
    if before.cost is None:
        return 0
    return held.with_points(before.cost, after.cost if after else None)


def _worth_less(before: Reward, after: Reward) -> bool:
    measures: tuple[Callable[[Reward], int], ...] = (
        lambda reward: reward.value_yen,
        lambda reward: -reward.min_purchase_yen,
    )
    return any(of(after) < of(before) for of in measures)


def _expiry(old: Programme, new: Programme, held: Holdings) -> Iterator[Loss]:
    """Points in hand that would go, or go sooner. Lots keep the day that they were given with."""
    before, after, count = old.points.expiry, new.points.expiry, held.with_points(1)
    if not count or not isinstance(after, ByInactivity):
        return
    if not isinstance(before, ByInactivity) or after.months < before.months:
        values = {"count": count, "months": after.months}
        yield Loss("points.expiry", "expiry_sooner", values)
