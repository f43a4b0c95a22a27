"""Who is drifting away: what the night's work writes on the member's row for the owner to see. A
rhythm is broken by the settings of the journey that speaks of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from ..facts import Facts
from ..programme import ranks
from ..programme.badges import Season, progress
from ..programme.programme import Programme
from ..shop import add_months
from .kinds.rhythm import Rhythm
from .member import MemberOnDay
from .programme import journeys_of

#: lapsed: two months without a visit; rhythm: away for longer than usual; rank: this month would
#: cost it; badge: one visit short of a season's badge, in the season's last days.
Risk = Literal["lapsed", "rhythm", "rank", "badge"]

LAPSED_MONTHS = 2
#: A season's badge is in danger in its last days.
BADGE_DAYS = 7

_DAY = timedelta(days=1)


def risk_of(programme: Programme, facts: Facts, day: date) -> Risk | None:
    """The gravest way in which a member is about to be lost, as of business day `day`; None for
    who is well, for who never came, and for who paused or left. `facts` are settled up to
    `day` (`decide.advance`)."""
    if facts.membership != "active" or not facts.visits:
        return None
    if facts.away_since <= lapsed_since(day):
        return "lapsed"
    broken = rhythm_of(programme).broken_on(MemberOnDay(programme, facts, day))
    if broken is not None and broken <= day:
        return "rhythm"
    ladder = programme.ranks
    if ladder and ranks.at_risk(ladder, programme.shop, facts, day) is not None:
        return "rank"
    return "badge" if _a_badge_is_missed(programme, facts, day) else None


def lapsed_since(day: date) -> date:
    """Who was last here on this day or before has lapsed by `day`."""
    return add_months(day, -LAPSED_MONTHS)


def rhythm_of(programme: Programme) -> Rhythm:
    """When a rhythm counts as broken in this club: as its first journey about that says, or as ours
    would."""
    return next((j for j in journeys_of(programme) if isinstance(j, Rhythm)), Rhythm())


def rhythms_broken(rhythm: Rhythm, day: date) -> list[tuple[int, date]]:
    """By how many days they usually come, since when somebody is away whose rhythm may be broken by
    `day`. Who comes so rarely that they have lapsed before is left out."""
    lapsed = lapsed_since(day)
    since = [(gap, day - _DAY * rhythm.broken_after(gap)) for gap in range((day - lapsed).days)]
    return [(gap, latest) for gap, latest in since if latest > lapsed]


def seasons_ending(programme: Programme, day: date) -> Iterator[tuple[str, date]]:
    """The badges whose season ends within `BADGE_DAYS` of `day`, each with the season's first day.
    Hidden ones are nobody's to miss."""
    for badge in programme.badges:
        if isinstance(badge.needs, Season) and not badge.hidden:
            starts = _started(badge.needs, day)
            if starts is not None:
                yield badge.id, starts


def _started(season: Season, day: date) -> date | None:
    """The first day of the season that `day` is in; None unless its end is near."""
    if not season.covers(day) or season.covers(day + _DAY * BADGE_DAYS):
        return None
    starts = day
    while season.covers(starts - _DAY) and (day - starts).days < _YEAR:
        starts -= _DAY
    return starts


_YEAR = 366


def _a_badge_is_missed(programme: Programme, facts: Facts, day: date) -> bool:
    """One visit short of it, and they came in this season already."""
    known = {badge.id: badge for badge in programme.badges}
    return any(
        name not in facts.badges
        and _one_short(*progress(known[name], facts, day))
        and facts.last_visit_on is not None
        and facts.last_visit_on >= starts
        for name, starts in seasons_ending(programme, day)
    )


def _one_short(had: int, needed: int) -> bool:
    return had == needed - 1
