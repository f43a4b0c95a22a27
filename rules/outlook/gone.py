"""Who is really away: no longer to be expected, and not merely late."""

from datetime import date

from ..facts import VISITS_TO_KNOW, Facts
from ..science.learned import ReturnModels
from ..science.pattern import pattern_of
from ..shop import Shop
from .returning import HIGH_FROM, ReturnOutlook, return_outlook

#: Of a hundred like them fewer than so many come again within their horizon, which is twice their
#: own gap at the least …
GONE_BELOW = 0.2
#: … of whom most would have at their best since the last visit.
EXPECTED_FROM = 1 - 2 * (1 - HIGH_FROM)


def gone(models: ReturnModels, shop: Shop, facts: Facts, day: date) -> ReturnOutlook | None:
    """How the visits go on of somebody who was expected and no longer is; None for who still is,
    who never was, and whose rhythm isn't known."""
    if facts.last_visit_on is None or facts.visit_day_count < VISITS_TO_KNOW:
        return None
    now, at_last = pattern_of(facts, day), pattern_of(facts, facts.last_visit_on)
    # Asked first, as it is quickly known of most.
    if now and at_last and models.for_rhythm_of(at_last).chance(now) >= GONE_BELOW:
        return None
    outlook = return_outlook(models, shop, facts, day)
    if outlook is None or not outlook.drifts:
        return None
    is_gone = outlook.chance < GONE_BELOW and outlook.best >= EXPECTED_FROM
    return outlook if is_gone else None
