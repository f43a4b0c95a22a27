"""One visit short of something: what the next visit would bring, and until when it would."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..facts import Facts
from ..programme import ranks
from ..programme.badges import VisitCount
from ..programme.programme import Programme

#: A badge knows no hurry; nobody who came longer ago than this is told how near it is.
BADGE_DAYS = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NearGoal:
    """The next visit up to and with `until` brings the rank or badge `target`."""

    to: Literal["rank", "badge"]
    target: str
    until: date


def close_to(programme: Programme, facts: Facts, day: date) -> tuple[NearGoal, ...]:
    """What one visit on or after `day` would bring: the next rank first, then badges of visits.

    A rank counts once a visit towards it was made: a new month's first is no "one short".
    """
    found = (_rank(programme, facts, day), *_badges(programme, facts))
    return tuple(close for close in found if close is not None and close.until >= day)


def close_until(programme: Programme, facts: Facts, day: date) -> date | None:
    """The last day on which one visit would bring any of it; None when none would."""
    return max((close.until for close in close_to(programme, facts, day)), default=None)


def _rank(programme: Programme, facts: Facts, day: date) -> NearGoal | None:
    ladder = programme.ranks
    above = ladder.above(facts.rank.id) if ladder else None
    if ladder is None or above is None or ladder.measure != "visits":
        return None
    start = ranks.window_start(ladder, programme.shop, day + _DAY)
    inside = [total for total in facts.days if start <= total.on <= day and total.visits]
    if not inside or sum(total.visits for total in inside) != above.at - 1:
        return None
    return NearGoal("rank", above.id, ranks.counts_until(ladder, programme.shop, inside[0].on))


def _badges(programme: Programme, facts: Facts) -> list[NearGoal]:
    until = (facts.last_visit_on or facts.joined_on) + BADGE_DAYS * _DAY
    return [
        NearGoal("badge", badge.id, until)
        for badge in programme.badges
        if isinstance(badge.needs, VisitCount)
        and not badge.hidden
        and badge.id not in facts.badges
        and 0 < facts.visits == badge.needs.count - 1
    ]
