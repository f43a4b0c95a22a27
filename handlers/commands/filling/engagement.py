"""What the demo's members did, as nights before would have counted it: their visits as they were,
and taps and messages as many as such members would have made."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.store.figures import acts
from bot.store.figures.acts import CountedActs
from bot.store.finding.engagement import acts as acts_of
from handlers.club import Club
from rules.heard.engagement import ACTS_DAYS, MemberActs, sum_up

#: Each of so many nights; before, one in so many, for a year.
_NIGHTS, _EVERY, _YEAR = 28, 7, 364
_DAY = timedelta(days=1)


def count_nights(club: Club) -> None:
    """Keeps what each of these nights counted."""
    now = club.now()
    shop = club.timeline().latest.programme.shop
    for ago in _nights():
        at = now - ago * _DAY
        counted = _counted(club, shop.business_date(at), at)
        with club.store.begin() as uow:
            acts.keep(uow, counted)


def _nights() -> Iterator[int]:
    yield from range(_NIGHTS)
    yield from range(_NIGHTS, _YEAR, _EVERY)


def _counted(club: Club, day: date, at: datetime) -> CountedActs:
    """Who came once in the month tapped, too, and one in four of them wrote."""
    since = day - ACTS_DAYS * _DAY
    from_then, later = (_visits(club, first) for first in (since, day))
    found = []
    for member, did in from_then.items():
        visits = did.visits - later[member].visits
        wrote = visits > 0 and member % 4 == 0
        taps = 2 * visits if visits and member % 3 else 0
        found.append(MemberActs(visits, taps, 1 if wrote else 0))
    return CountedActs(day, at, sum_up(found))


def _visits(club: Club, first: date) -> dict[int, MemberActs]:
    """What each member did from that day on; nothing of the chat."""
    pages = acts_of(club.store, since=club.now() + _DAY, first=first)
    return {member: did for page in pages for member, did in page.items()}
