"""Subscriptions (定期): what the shop delivers or does regularly for whom a dated mark says so, and
what that brings besides: a price at the till, and what staff give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from ..activity import Activity, Subscribed, Unsubscribed
from ..base import Id, Impossible, LocalText, Refusal, Strict
from ..facts import Facts, SubscriptionMark, changed
from .ranks import Ladder, Perk, PerkKind

#: What a subscription can bring; early access and invitations go by rank.
BROUGHT: tuple[PerkKind, ...] = ("price", "gift", "staff")


class Subscription(Strict):
    """One that a member can have."""

    id: Id
    name: LocalText
    perks: Annotated[tuple[Perk, ...], Field(max_length=10)] = ()
    #: Its price comes on top of the rank's; else the better of the two counts.
    on_top: bool = False
    #: The plans of LINE's own membership that stand for it, by LINE's numbers.
    line_memberships: Annotated[
        tuple[Annotated[int, Field(ge=1, le=10**12)], ...], Field(max_length=20)
    ] = ()

    @model_validator(mode="after")
    def _of_some_kind(self) -> "Subscription":
        for perk in self.perks:
            if perk.kind not in BROUGHT:
                raise Impossible("perk_of_subscription", kind=perk.kind, kinds=", ".join(BROUGHT))
        return self


Subscriptions = Annotated[tuple[Subscription, ...], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class HeldPerk:
    """What a member has."""

    perk: Perk
    #: By which subscription; None: by their rank.
    of: Subscription | None = None
    #: It is one of two prices of which the one that takes off more counts: which, the bill says.
    is_either: bool = False


@dataclass(frozen=True, slots=True)
class HeldSubscription:
    """What a member subscribes to, and the days."""

    subscription: Subscription
    mark: SubscriptionMark


def note_mark(facts: Facts, activity: Activity, what: Subscribed | Unsubscribed) -> Facts:
    """`facts` with what the activity says of a subscription."""
    known = facts.subscriptions.get(what.subscription)
    since, until = first_day(known, activity.day), None
    match what:
        case Subscribed():
            since, until = what.since or since, what.until
        case Unsubscribed():
            until = activity.day - timedelta(days=1)
            if known and not known.holds_on(activity.day):
                # It is over already, or was to begin later and never does.
                since, until = known.since, min(known.until or until, until)
    mark = SubscriptionMark(since, until, activity.at, activity.by)
    return changed(facts, subscriptions={**facts.subscriptions, what.subscription: mark})


def first_day(known: SubscriptionMark | None, day: date) -> date:
    """The first day of what is said on `day` without one: where it runs, that stays."""
    return known.since if known and known.holds_on(day) else day


def subscription_of(
    subscriptions: Iterable[Subscription], subscription: str
) -> Subscription | None:
    return next((each for each in subscriptions if each.id == subscription), None)


def of_line(subscriptions: Iterable[Subscription], membership: int) -> Subscription | None:
    """The one that a plan of LINE's membership stands for; None where the programme names none."""
    return next((each for each in subscriptions if membership in each.line_memberships), None)


def unnamed(subscriptions: Iterable[Subscription], plans: Mapping[int, int]) -> dict[int, int]:
    """Those of the `plans` of LINE's membership that none stands for, and how many have each."""
    named = {plan for each in subscriptions for plan in each.line_memberships}
    return {plan: count for plan, count in plans.items() if plan not in named and count}


def held_on(
    subscriptions: Iterable[Subscription], facts: Facts, day: date
) -> tuple[HeldSubscription, ...]:
    """What the member subscribes to on `day`; whoever has left the club has nothing of it."""
    if facts.membership == "left":
        return ()
    marks = facts.subscriptions
    return tuple(
        HeldSubscription(each, marks[each.id])
        for each in subscriptions
        if each.id in marks and marks[each.id].holds_on(day)
    )


def held_perks(
    ladder: Ladder | None, subscriptions: Iterable[Subscription], facts: Facts, day: date
) -> tuple[HeldPerk, ...]:
    """What the member has on `day` by rank and subscriptions: of their prices the better one, but
    for those that come on top."""
    if facts.membership == "left":
        return ()
    held = [HeldPerk(perk) for perk in (ladder.perks_of(facts.rank.id) if ladder else ())]
    held += [
        HeldPerk(perk, each.subscription)
        for each in held_on(subscriptions, facts, day)
        for perk in each.subscription.perks
    ]
    best = _best_prices([each for each in held if _competes(each)])
    is_either = len(best) > 1
    return tuple(
        replace(each, is_either=is_either and each in best)
        for each in held
        if each in best or not _competes(each)
    )


def _competes(held: HeldPerk) -> bool:
    return held.perk.kind == "price" and not (held.of and held.of.on_top)


def _best_prices(prices: list[HeldPerk]) -> list[HeldPerk]:
    """The most that comes off in percent, and in yen; which of the two is more the bill says."""
    by_share = max(
        (each for each in prices if each.perk.percent),
        key=lambda each: each.perk.percent or 0,
        default=None,
    )
    by_yen = max(
        (each for each in prices if each.perk.yen_off),
        key=lambda each: each.perk.yen_off or 0,
        default=None,
    )
    return [each for each in (by_share, by_yen) if each is not None]


def perk_named(
    ladder: Ladder | None, subscriptions: Iterable[Subscription], key: str
) -> Perk | None:
    """The perk of that key, whatever brings it; None for one that the programme dropped."""
    found = ladder.perk(key) if ladder else None
    others = (perk for each in subscriptions for perk in each.perks)
    return found or next((perk for perk in others if perk.key == key), None)


def check_perk(held: Iterable[HeldPerk], facts: Facts, day: date, key: str) -> Refusal | None:
    """Why staff can't give this member the perk of that `key` on `day`; None when they can."""
    given = (each.perk for each in held if each.perk.is_given)
    perk = next((each for each in given if each.key == key), None)
    if perk is None:
        return Refusal("perk_none")
    return None if perk.is_due(facts.perks.get(key), day) else Refusal("perk_given")
