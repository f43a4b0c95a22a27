"""Rewards as plain sentences: what they cost, how they are given, and for whom."""

from ..programme.earning import AtCounts
from ..programme.rewards import (
    ByBirthday,
    ByComeback,
    ByDeliveries,
    ByPurchases,
    ByRank,
    ByVisits,
    Given,
    Reward,
)
from .explain_earning import restrictions
from .words import Words


def reward_sentence(words: Words, reward: Reward) -> str:
    """What `reward` is, its cost, who is given it, and its limits."""
    name = words.name(reward.name)
    amount = words.amount(reward.cost) if reward.cost else ""
    for_points = words.say(f"explain.reward.{reward.kind}", name=name, amount=amount)
    return words.sentences(
        [
            for_points if reward.cost else "",
            *_given(words, reward),
            words.name(reward.note) if reward.note else "",
            min_purchase(words, reward),
            *restrictions(words, reward.ranks, ()),
            *_ways(words, reward),
            *_limits(words, reward),
        ]
    )


def given_label(words: Words, given: Given) -> str:
    """When a reward is given, in a few words: 「お誕生月に」."""
    match given:
        case ByRank(ranks=ranks):
            return words.say("given.rank", ranks=words.ranks(ranks))
        case ByBirthday():
            return words.say(f"given.birthday.{words.programme.profile.birthday_is}")
        case ByPurchases() | ByVisits() | ByDeliveries():
            return _at_counts(words, given.kind, given)
        case ByComeback():
            return words.say("given.comeback")


def _at_counts(words: Words, kind: str, counts: AtCounts) -> str:
    if counts.every:
        return words.say(f"given.{kind}.every", n=f"{counts.every:,}")
    return words.say(f"given.{kind}.at", n=words.numbers(sorted(counts.at)))


def _given(words: Words, reward: Reward) -> list[str]:
    if reward.given is None:
        return []
    when = given_label(words, reward.given)
    name = words.name(reward.name)
    return [
        words.say("explain.reward.given", when=when, name=name),
        words.say("explain.reward.valid", count=reward.valid_days),
    ]


def min_purchase(words: Words, reward: Reward) -> str:
    """What must be bought for it; empty where nothing must."""
    yen = reward.min_purchase_yen
    return words.say("explain.reward.min_purchase", yen=yen) if yen else ""


def _ways(words: Words, reward: Reward) -> list[str]:
    """Who may have it first, and that it is a code."""
    first = reward.first
    who = words.who(first.ranks, first.segments) if first else ""
    return [
        words.say("explain.reward.first", who=who, until=first.until) if first else "",
        words.say("explain.reward.codes") if reward.codes else "",
    ]


def _limits(words: Words, reward: Reward) -> list[str]:
    when, each, stock = words.dates(reward.starts, reward.ends), reward.per_member, reward.stock
    return [
        words.say("explain.reward.dates", when=when) if when else "",
        words.say("explain.reward.per_member", count=each) if each else "",
        words.say("explain.reward.stock", count=stock) if stock else "",
    ]
