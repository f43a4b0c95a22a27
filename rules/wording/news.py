"""Whether what something brought a member is news to them, and which part of it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..activity import Anniversary, BroughtAlong, Merged, Occasion, Referral, Registration, What
from ..facts import Facts
from ..sending.policy import MINOR, Topic
from .highlights import Highlights, Thanks

#: The journeys that tell themselves what an occasion put into the hand.
_OWN_WORDS = {"birthday": "birthday", "anniversary": "anniversary"}


def news(
    what: What, brought: Highlights, facts: Facts, *, journeys: Collection[str]
) -> Highlights | None:
    """What of it is told by a message; None for nothing. `journeys` are the kinds that the club
    sends.

    An ordinary visit is no news: the counter and the card show what it brought. Gifts of a birthday
    or an anniversary are told by its journey where the programme sends it.
    """
    if facts.membership != "active" or isinstance(what, Merged):
        return None
    if _own_journey(what) in journeys:
        brought = replace(brought, vouchers=(), rewards=(), thanks=None)
    return brought if brought.anything else None


def together(first: Highlights, second: Highlights) -> Highlights | None:
    """The news of two occasions as one message, where the first hasn't left yet; None where one
    thanks for something: that is said by itself."""
    if first.thanks or second.thanks:
        return None
    rank = second.rank or first.rank
    if first.rank and second.rank:
        rank = replace(second.rank, before=first.rank.before)
    return Highlights(
        rank,
        tuple(dict.fromkeys((*first.badges, *second.badges))),
        tuple(dict.fromkeys((*first.rewards, *second.rewards))),
        tuple(dict.fromkeys((*first.vouchers, *second.vouchers))),
    )


def unseen(whats: Iterable[What], brought: Highlights) -> Highlights:
    """What of it they haven't seen: the welcome shows what can be had, also to who joins by what
    they came to do."""
    joins = any(isinstance(what, Registration) for what in whats)
    return replace(brought, rewards=()) if joins else brought


def thanks_for(what: What, points: int) -> Thanks | None:
    """What somebody is thanked for by a message of its own, with its `points`."""
    match what:
        case Referral():
            return Thanks("referral", points)
        case Anniversary(years=years) if points:
            return Thanks("anniversary", points, years)
        case BroughtAlong(stamps=stamps) if stamps:
            return Thanks("stamps", points, stamps=stamps)
        case _:
            return None


def priority_of(brought: Highlights) -> int:
    """What goes first: a rank, then what was given; what only can be had leaves room for both."""
    if brought.rank:
        return 2
    return 3 if brought.vouchers or brought.thanks else MINOR


def topic_of(brought: Highlights) -> Topic:
    """What somebody must want to hear of, to be told it."""
    return "ranks" if brought.rank else "points"


def _own_journey(what: What) -> str | None:
    """The kind of journey that tells what `what` put into the hand; None for none."""
    match what:
        case Occasion(trigger=occasion):
            return _OWN_WORDS.get(occasion)
        case Anniversary():
            return _OWN_WORDS["anniversary"]
        case _:
            return None
