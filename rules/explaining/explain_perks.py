"""What a rank brings, in words: to members, and to staff at the counter."""

from dataclasses import dataclass
from datetime import date

from ..facts import Facts
from ..programme.ranks import Perk
from ..programme.subscriptions import HeldPerk, held_perks
from ..wording.explain_rewards import given_label
from ..wording.words import Words


@dataclass(frozen=True, slots=True)
class CounterPerk:
    """What staff do for a member by their rank, or by what they subscribe to."""

    key: str
    name: str
    #: How it is done.
    how: str
    #: Whether staff hand it over today, and say so.
    is_due: bool
    #: When they did, where they can't again yet.
    last: date | None = None


def perk_text(words: Words, perk: Perk) -> str:
    """What a rank brings, and how the member comes by it: as the shop says, else by its kind."""
    name, way = words.name(perk.name), perk_way(words, perk)
    return words.say("explain.perk.with_way", perk=name, how=way) if way else name


def perk_way(words: Words, perk: Perk) -> str:
    """How a member comes by it; "" where nobody says."""
    said = [words.name(perk.how) if perk.how else _of_its_kind(words, perk)]
    if perk.is_given and perk.every != "day":
        said.append(words.say(f"explain.perk.every.{perk.every}"))
    return words.say("explain.perk.join").join(filter(None, said))


def _of_its_kind(words: Words, perk: Perk) -> str:
    reward = words.programme.reward(perk.reward or "")
    match perk.kind:
        case "price" if perk.percent:
            return words.say("explain.perk.percent", percent=perk.percent)
        case "price":
            return words.say("explain.perk.yen", yen=perk.yen_off)
        case "gift" if reward and reward.given:
            when = given_label(words, reward.given)
            return words.say("explain.perk.gift", reward=words.name(reward.name), when=when)
        case "gift" | "presale" | "early_access" if reward:
            until = reward.first.until if reward.first else None
            which = "first" if until else "reward"
            return words.say(f"explain.perk.{which}", reward=words.name(reward.name), until=until)
        case "staff" | "gift":
            return ""
        case kind:
            return words.say(f"explain.perk.{kind}")


def counter_perks(words: Words, facts: Facts, day: date) -> tuple[CounterPerk, ...]:
    """What staff do for whom `facts` are of on `day`: prices, and what is theirs to give."""
    programme = words.programme
    held = held_perks(programme.ranks, programme.subscriptions, facts, day)
    return tuple(_at_counter(words, each, facts, day) for each in held if each.perk.is_at_counter)


def _at_counter(words: Words, held: HeldPerk, facts: Facts, day: date) -> CounterPerk:
    perk = held.perk
    last = facts.perks.get(perk.key)
    is_due = perk.is_given and perk.is_due(last, day)
    name, way = held_name(words, held), held_way(words, held)
    return CounterPerk(perk.key, name, way, is_due, None if is_due else last)


def held_name(words: Words, held: HeldPerk) -> str:
    """What somebody has, with the subscription that brings it."""
    name = words.name(held.perk.name)
    if held.of is None:
        return name
    called = words.name(held.of.name)
    return words.say("explain.perk.of_subscription", subscription=called, perk=name)


def held_way(words: Words, held: HeldPerk) -> str:
    """How they come by it; of two prices, that it is one of them."""
    way = perk_way(words, held.perk)
    if not held.is_either:
        return way
    return words.say("explain.perk.join").join((way, words.say("explain.perk.either")))
