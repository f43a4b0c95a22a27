"""How long points last, in sentences: the terms that members are told at joining, and all of it."""

from collections.abc import Iterator

from ..programme.points import UNSEEN_DAYS, ByInactivity, ByLot, NoExpiry
from .texts import long_date
from .words import Words


def points_sentences(words: Words) -> Iterator[str]:
    """All that the programme says of how long points last."""
    expiry = words.programme.points.expiry
    yield _how_long(words)
    if isinstance(expiry, NoExpiry):
        return
    if isinstance(expiry, ByInactivity):
        yield words.say("explain.points.given_away", count=max(expiry.warn_days))
    warn_days = sorted(expiry.warn_days, reverse=True)
    yield words.say("explain.points.warnings", days=words.numbers(warn_days))
    yield _unseen(words)
    yield words.say("explain.points.paused")


def stamp_card_sentences(words: Words) -> Iterator[str]:
    """What the stamps of old cards are worth, and until when they are taken."""
    policy = words.programme.stamp_cards
    if policy is None:
        return
    worth = words.amount(policy.points)
    yield words.say("explain.stamp_cards.worth", amount=worth, count=policy.stamps_max)
    if policy.until is not None:
        yield words.say("explain.stamp_cards.until", until=long_date(words.lang, policy.until))


def points_terms(words: Words) -> str:
    """What somebody who joins is told of it, in short; empty where points stay."""
    expiry = words.programme.points.expiry
    if isinstance(expiry, NoExpiry):
        return ""
    how_long = _how_long(words)
    if isinstance(expiry, ByInactivity):
        months = expiry.months
        how_long = words.say("explain.points.unused", count=months, months=months)
    return words.sentences((how_long, words.say("explain.points.in_short", count=UNSEEN_DAYS)))


def _how_long(words: Words) -> str:
    match words.programme.points.expiry:
        case ByLot(months=months, month_end=True):
            return words.say("explain.points.lot_month_end", count=months, months=months)
        case ByLot(months=months):
            return words.say("explain.points.lot", count=months, months=months)
        case ByInactivity(months=months):
            doings = words.listed(_doings(words))
            return words.say(
                "explain.points.inactivity", count=months, months=months, doings=doings
            )
        case NoExpiry():
            return words.say("explain.points.never")


def _unseen(words: Words) -> str:
    return words.say("explain.points.unseen", count=UNSEEN_DAYS)


def _doings(words: Words) -> Iterator[str]:
    """What keeps points, as far as the club knows such a thing."""
    programme = words.programme
    known = {
        "visit": True,
        "purchase": programme.purchase is not None,
        "reward": bool(programme.rewards),
    }
    expiry = programme.points.expiry
    more = expiry.also_active if isinstance(expiry, ByInactivity) else ()
    for doing in (*(name for name, is_there in known.items() if is_there), *more):
        yield words.say(f"explain.points.doing.{doing}")
