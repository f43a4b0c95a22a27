"""Who is at risk of being lost: what the night's work writes on the member's row for the owner to
see."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from ..facts import Facts
from ..programme import ranks
from ..programme.badges import Season, progress
from ..programme.programme import Programme
from ..science.drift import has_lapsed
from .member import MemberOnDay

#: lapsed: drifting, and two months without a visit; rhythm: drifting, not away for so long yet, and
#: they came more than once, as nobody is later than usual who came one day only; rank: this month
#: would cost it; badge: one visit short of a season's badge, in the season's last days.
Risk = Literal["lapsed", "rhythm", "rank", "badge"]
#: By which of them somebody stays away: they drift.
ABSENT: tuple[Risk, ...] = ("rhythm", "lapsed")

#: A season's badge is in danger in its last days.
BADGE_DAYS = 7

_DAY = timedelta(days=1)


def risk_of(member: MemberOnDay) -> Risk | None:
    """The gravest way in which a member is about to be lost; None for who is well, for who never
    came, and for who paused or left."""
    programme, facts, day = member.programme, member.facts, member.day
    if facts.membership != "active" or not facts.visits:
        return None
    drifts = member.drift_on
    if drifts is not None and drifts <= day:
        if has_lapsed(facts, day):
            return "lapsed"
        if facts.visit_day_count > 1:
            return "rhythm"
    ladder = programme.ranks
    if ladder and ranks.at_risk(ladder, programme.shop, facts, day) is not None:
        return "rank"
    return "badge" if _a_badge_is_missed(programme, facts, day) else None


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
