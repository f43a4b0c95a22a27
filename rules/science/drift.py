"""Who is drifting away: said here once, for flags, lists, calls and messages alike.

Somebody drifts when their chance to come again has fallen so far since their last visit that it
means something; by that, who comes rarely is not taken for lost, and who would come anyway is left
alone. Where the chance never falls so far, two months without a visit are what it takes.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ..facts import Facts
from ..shop import Shop, add_months
from .learned import ReturnModels
from .model import ReturnModel
from .pattern import VisitPattern, pattern_of

#: So much less likely than right after the last visit is drifting.
LINE = 0.25
LAPSED_MONTHS = 2
#: Who was away for a year has lapsed long since.
_SILENCE_MAX = 366
#: The chance is looked at after so many days, each so much longer than the one before.
_STEP = 1.3


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a club tells by when somebody drifts."""

    models: ReturnModels
    shop: Shop

    @property
    def fingerprint(self) -> str:
        """It differs wherever a day may: for a look whether kept ones are by this foresight."""
        weights = [(each.horizon, each.weights) for each in self.models.by_horizon.values()]
        asked = (sorted(weights), self.shop.closed_weekdays, self.shop.closed, LINE)
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


def drifts_after(models: ReturnModels, at_last: VisitPattern) -> int | None:
    """The days of silence after which somebody drifts who looked like that on their last visit's
    day; None where their chance never falls so far."""
    model = models.for_rhythm_of(at_last)
    limit = model.chance(at_last) - LINE
    if limit <= 0:
        return None
    low, high = 0, 1
    while not _has_fallen(model, at_last, high, limit):
        low, high = high, min(_SILENCE_MAX, max(high + 1, int(high * _STEP)))
        if low == high:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _has_fallen(model, at_last, middle, limit) else (middle, high)
    return high


def _has_fallen(model: ReturnModel, at_last: VisitPattern, silence: int, limit: float) -> bool:
    return model.chance(at_last.after(silence)) <= limit
