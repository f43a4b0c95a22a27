"""What a member's visits look like on a day, and the numbers that the model reads in it."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log, log1p

from ..facts import HALF_LIFE_DAYS, Facts
from .rhythm import NO_RHYTHM, OwnRhythm, log_odds, rhythm_of

#: Five features, their fifteen squares and products, the yen of a visit, and one that is always 1.
FEATURES, NUMBERS = 5, 22
#: Within so many days of a visit, a day more says little.
SOON = 10
#: Who has come for longer than so many days is taken for somebody who came as often for so long: of
#: longer ones few clubs could teach anything.
AGE_MAX = 365
#: What a visit is taken to bring where nothing is known of it, and the logarithm of how many times
#: as much, or as little, is not told apart any more.
USUAL_YEN, _YEN_APART_MAX = 1_000, 3.0


@dataclass(frozen=True, slots=True)
class VisitPattern:
    """A member's visits up to and with a day."""

    #: Days with a visit, one at least.
    days: int
    #: Days since the last of them.
    silence: int
    #: Days since the first of them.
    age: int
    #: The days with a visit, each counting half as much for every `HALF_LIFE_DAYS` gone by.
    recent: float
    #: How the days between the last of them spread.
    rhythm: OwnRhythm = NO_RHYTHM
    #: Yen spent on each day with a visit; 0 where none is known.
    yen: float = 0.0

    def after(self, days: int) -> "VisitPattern":
        """The same visits so many days later, without another."""
        faded = self.recent * 2 ** (-days / HALF_LIFE_DAYS)
        silence, age = self.silence + days, self.age + days
        return VisitPattern(self.days, silence, age, faded, self.rhythm, self.yen)


def pattern_of(facts: Facts, day: date) -> VisitPattern | None:
    """What a member's visits look like on `day`, the last visit's or a later one; None for who
    never came. Who rested counts as silent from coming back on."""
    first, last = facts.first_visit_on, facts.last_visit_on
    if first is None or last is None:
        return None
    since = max(0, (day - last).days)
    return VisitPattern(
        days=max(1, facts.visit_day_count),
        silence=max(0, (day - facts.away_since).days),
        age=max(0, (day - first).days),
        recent=facts.recent * 2 ** (-since / HALF_LIFE_DAYS),
        rhythm=rhythm_of([(b - a).days for a, b in pairwise(facts.visit_days)]),
        yen=facts.spend / max(1, facts.visit_day_count),
    )


def features(
    pattern: VisitPattern, horizon: int
) -> tuple[float, float, float, float, float, float]:
    """The five, for a return within `horizon` days, and how far from usual the yen of a visit
    are."""
    age, days = float(pattern.age), float(pattern.days)
    if age > AGE_MAX:
        age, days = AGE_MAX, max(1.0, days * AGE_MAX / age)
    return (
        log(days),
        log1p(pattern.silence / SOON),
        log1p(age),
        log1p(pattern.recent),
        log_odds(pattern.rhythm, pattern.silence, horizon),
        _yen_apart(pattern.yen),
    )


def _yen_apart(yen: float) -> float:
    if yen <= 0:
        return 0.0
    return max(-_YEN_APART_MAX, min(_YEN_APART_MAX, log(yen) - log(USUAL_YEN)))


def numbers(pattern: VisitPattern, horizon: int) -> list[float]:
    """The `NUMBERS` in the order of a model's weights."""
    *five, yen = features(pattern, horizon)
    products = [a * b for at, a in enumerate(five) for b in five[at:]]
    return [1.0, *five, *products, yen]
