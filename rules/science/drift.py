"""Who is drifting away: said here once, for flags, lists, calls and messages alike.

Somebody drifts when their chance to come again is a quarter below the highest that it has been
since their last visit: of a hundred such members, 25 fewer would come. By that, who comes rarely is
not taken for lost, and who would come anyway is left alone. Where the chance never falls so far,
and for who came on one day only at the latest, two months without a visit are what it takes.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from operator import itemgetter

from ..facts import Facts
from ..shop import Shop, add_months
from .learned import ReturnModels
from .model import ReturnModel
from .pattern import VisitPattern, pattern_of

#: So much less likely than at best is drifting.
LINE = 0.25
LAPSED_MONTHS = 2
#: The days of silence after which the chance is looked at. Right after a visit it needn't be the
#: highest: somebody's hair is cut.
LOOKED_AT = (0, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 366)
#: Who came once has no rhythm that could be longer than that.
_TWO_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a club tells by when somebody drifts."""

    models: ReturnModels
    shop: Shop

    @property
    def fingerprint(self) -> str:
        """It differs wherever a day may: for a look whether kept ones are by this foresight."""
        weights = [(each.horizon, each.weights) for each in self.models.by_horizon.values()]
        asked = (sorted(weights), self.shop.closed_weekdays, self.shop.closed, LINE, LOOKED_AT)
        return sha256(repr(asked).encode()).hexdigest()[:16]

    def drift_on(self, facts: Facts) -> date | None:
        """As the function of that name."""
        return drift_on(self.models, self.shop, facts)


def drift_on(models: ReturnModels, shop: Shop, facts: Facts) -> date | None:
    """The day on which they drift, if they don't come before; None for who never came. Days on
    which the shop is specially closed put it off."""
    if facts.last_visit_on is None:
        return None
    silence = silence_before_drift(models, facts)
    if silence is None:
        return add_months(facts.away_since, LAPSED_MONTHS)
    return shop.forth(facts.away_since, silence)


def silence_before_drift(models: ReturnModels, facts: Facts) -> int | None:
    """For how many days they stay away before they drift, as the models see it; None for who never
    came, and where the models don't tell."""
    if facts.last_visit_on is None:
        return None
    pattern = pattern_of(facts, facts.last_visit_on)
    return None if pattern is None else drifts_after(models, pattern)


def has_lapsed(facts: Facts, day: date) -> bool:
    """Whether they have been away for two months by `day`."""
    return facts.away_since <= add_months(day, -LAPSED_MONTHS)


def best_chance(model: ReturnModel, at_last: VisitPattern, silence: int) -> tuple[int, float]:
    """After how many days of silence, of `silence` at most, somebody was likeliest to come who
    looked like that on their last visit's day, and how likely: what drifting is measured from."""
    looked_at = (days for days in LOOKED_AT if days <= silence)
    found = [(days, model.chance(at_last.after(days))) for days in looked_at]
    return max(found, key=itemgetter(1))


def drifts_after(models: ReturnModels, at_last: VisitPattern) -> int | None:
    """The days of silence after which somebody drifts who looked like that on their last visit's
    day; None where their chance never falls so far."""
    model = models.for_rhythm_of(at_last)
    highest = model.chance(at_last)
    for low, high in pairwise(LOOKED_AT):
        if high > _TWO_MONTHS and at_last.days == 1:
            return None
        chance = model.chance(at_last.after(high))
        if chance <= highest - LINE:
            return _first_day(model, at_last, (low, high), highest - LINE)
        highest = max(highest, chance)
    return None


def _first_day(
    model: ReturnModel, at_last: VisitPattern, between: tuple[int, int], limit: float
) -> int:
    """The day after the first and up to the second on which the chance falls to `limit`."""
    low, high = between
    while high - low > 1:
        middle = (low + high) // 2
        has_fallen = model.chance(at_last.after(middle)) <= limit
        low, high = (low, middle) if has_fallen else (middle, high)
    return high
