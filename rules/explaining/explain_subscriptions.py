"""Subscriptions (定期) in words: what each brings, and what a member has of them."""

from datetime import date

from ..facts import Facts
from ..programme.subscriptions import HeldSubscription, Subscription, held_on
from ..wording.words import Words
from .explain_perks import perk_text


def subscription_sentence(words: Words, subscription: Subscription) -> str:
    """What whoever subscribes has by it, and how its price goes with the rank's."""
    name, say = words.name(subscription.name), words.say
    has_price = any(perk.kind == "price" for perk in subscription.perks)
    beside = "on_top" if subscription.on_top else "better"
    perks = say("explain.rank.perks_join").join(
        perk_text(words, perk) for perk in subscription.perks
    )
    return words.sentences(
        [
            say("explain.subscription.brings", name=name, perks=perks)
            if perks
            else say("explain.subscription.plain", name=name),
            say(f"explain.subscription.{beside}") if has_price and words.programme.ranks else "",
            say("explain.subscription.line") if subscription.line_memberships else "",
        ]
    )


def held_lines(words: Words, facts: Facts, day: date) -> tuple[str, ...]:
    """What the member subscribes to on `day`, and since when: 「お米の定期便（4月1日から）」."""
    return tuple(held_line(words, each) for each in _held(words, facts, day))


def held_line(words: Words, held: HeldSubscription) -> str:
    name = words.name(held.subscription.name)
    when = words.dates(held.mark.since, held.mark.until)
    return words.say("subscription.held", name=name, when=when)


def subscribed_lines(words: Words, facts: Facts, day: date) -> tuple[str, ...]:
    """The same, as the counter is told."""
    held = held_lines(words, facts, day)
    return tuple(words.say("scan.subscribed", subscription=each) for each in held)


def delivered_line(words: Words, facts: Facts) -> str:
    """How many times something was delivered; "" where nothing was yet."""
    had = facts.counts.get("delivery", 0)
    return words.say("subscription.delivered", count=had) if had else ""


def _held(words: Words, facts: Facts, day: date) -> tuple[HeldSubscription, ...]:
    return held_on(words.programme.subscriptions, facts, day)
