"""How somebody's visits go on: how often they come, how long they have been away, whether that is
long for them, and how likely they are to come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import quantiles
from typing import Literal

from ..facts import VISITS_TO_KNOW, Facts, changed, faded
from ..science.drift import LINE, best_chance, drift_on
from ..science.learned import MIDDLE, ReturnModels
from ..science.pattern import pattern_of
from ..science.rhythm import GAPS_MAX
from ..shop import Shop

Level = Literal["high", "medium", "low"]
#: Where chances are told in words: from certainty down to one fall by the line a chance is high, so
#: that nobody's is who drifts; after a second one it is low.
HIGH_FROM, LOW_BELOW = 1 - LINE, 1 - 2 * LINE
#: Chances that lie no farther apart are told as one.
_HARDLY = 0.01


@dataclass(frozen=True, slots=True)
class ReturnOutlook:
    """Somebody who came and is away."""

    visits: int
    #: The middle half of the days between their last visits, shortest and longest; None while too
    #: few are known.
    usual: tuple[int, int] | None
    #: Days since the last visit, or since the membership was resumed where that came later.
    away: int
    resumed: bool
    #: They have been away so long that it means something.
    drifts: bool
    #: The days within which they may come again, and how likely they do now.
    horizon: int
    chance: float
    #: How likely within a month, which is the same number of days for everybody.
    month_chance: float
    #: How likely it was at best since the last visit, and so many days after it: 0 on its own day,
    #: and where a later one was hardly better.
    best: float
    best_after: int


def return_outlook(
    models: ReturnModels, shop: Shop, facts: Facts, day: date
) -> ReturnOutlook | None:
    """How a member's visits go on from business day `day`; None for who came on that day or never
    did, and for who paused or left."""
    last = facts.last_visit_on
    if facts.membership != "active" or last is None or facts.away_since >= day:
        return None
    now, at_last = pattern_of(facts, day), pattern_of(facts, last)
    drifting = drift_on(models, shop, facts)
    if now is None or at_last is None or drifting is None:
        return None
    model, resumed = models.for_rhythm_of(at_last), facts.away_since > last
    best_after, best = best_chance(model, at_last, 0 if resumed else now.silence)
    if best < model.chance(at_last) + _HARDLY:
        best_after, best = 0, model.chance(at_last)
    return ReturnOutlook(
        visits=facts.visits,
        usual=usual_gaps(facts.visit_days),
        away=now.silence,
        resumed=resumed and facts.joined_on != facts.membership_since == facts.away_since,
        drifts=drifting <= day,
        horizon=model.horizon,
        chance=model.chance(now),
        month_chance=models.by_horizon[MIDDLE].chance(now),
        best=best,
        best_after=best_after,
    )


def usual_gaps(visit_days: Sequence[date]) -> tuple[int, int] | None:
    """The middle half of the last gaps between these days, in days; None for too few of them."""
    if len(visit_days) < VISITS_TO_KNOW:
        return None
    gaps = [(b - a).days for a, b in pairwise(visit_days)]
    low, _, high = quantiles(gaps[-GAPS_MAX:], n=4, method="inclusive")
    return int(low + 0.5), int(high + 0.5)


def level_of(chance: float) -> Level:
    """A chance where no number may be told."""
    return "high" if chance >= HIGH_FROM else "low" if chance < LOW_BELOW else "medium"


def long_absence(models: ReturnModels, shop: Shop, facts: Facts, day: date) -> int:
    """For how many days a visitor of business day `day` had not come before it, if that was long
    for them: they had begun to drift, or would have, had they not rested. Else 0, also for somebody
    whose first visit it is."""
    before = _before(facts, day)
    if before is None or before.last_visit_on is None:
        return 0
    drifting = drift_on(models, shop, before)
    is_long = drifting is not None and drifting <= day
    return (day - before.last_visit_on).days if is_long else 0


def _before(facts: Facts, day: date) -> Facts | None:
    """What was known of their visits before those of `day` and later, rest or none; None if they
    didn't come on `day`, or on no day before that is still known."""
    known = [each for each in facts.visit_days if each < day]
    since = [each for each in facts.visit_days if each >= day]
    if not known or day not in since:
        return None
    last, newest = known[-1], since[-1]
    recent = facts.recent - sum(faded(1, (newest - each).days) for each in since)
    return changed(
        facts,
        membership_since=facts.joined_on,
        last_visit_on=last,
        visit_days=tuple(known),
        visit_day_count=facts.visit_day_count - len(since),
        # As of the last visit that one itself counts whole.
        recent=max(1.0, faded(recent, (last - newest).days)),
        spend=facts.spend - facts.totals(day, date.max).yen,
    )
