"""Whom two rules would write to at the same clubs: silence over twice the usual gap, as it was, and
the fall of the chance (`rules.science.drift`)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from statistics import median, quantiles

from rules.science.drift import drifts_after
from rules.science.fitting import fit
from rules.science.learned import ReturnModels
from rules.science.lessons import Visits, drawn, lessons
from rules.science.model import HORIZONS

from .data import CLUBS, Club
from .scoring import prior_for

#: Visits of so many days from the cut on are looked at, of so many at most.
DAYS, VISITS_MAX = 60, 2_500
#: Whoever is written to within so many days of silence.
SILENCE_MAX = 60
#: Who is not seen for so long after it is gone.
GONE_DAYS = 60
#: Both ask for as many visits as a usual gap does.
VISITS_MIN = 5


@dataclass(frozen=True)
class Written:
    """Who is written to by one rule."""

    count: int
    #: So many would have come anyway, within two weeks and within a month: as shares.
    in_14: float
    in_30: float
    #: So many of `count` were not seen for GONE_DAYS after it.
    gone: int
    #: The days of silence: the middle, and the tenth that is written to first and last.
    after: tuple[float, float, float]


@dataclass(frozen=True)
class Gap:
    """After one visit of somebody: which, and how long until the next."""

    member: Visits
    place: int
    until_next: int


def compared(name: str) -> dict[str, Written]:
    club = CLUBS[name]
    # Two months are known after whoever is written to last.
    start = club.taught_on - timedelta(days=DAYS + SILENCE_MAX + GONE_DAYS)
    gaps = list(_gaps(club.members(), start.toordinal()))
    some = Random(1).sample(gaps, min(VISITS_MAX, len(gaps)))
    models = models_of(club.name, start)
    return {
        "twice the usual gap": _written(some, _twice_the_gap),
        "the fall of the chance": _written(some, lambda gap: _fall(models, gap)),
    }


@cache
def models_of(name: str, day: date) -> ReturnModels:
    """What a club has learned by that day."""
    club: Club = CLUBS[name]
    some = drawn(club.members(), day)
    priors = {horizon: prior_for(horizon, without=club.family) for horizon in HORIZONS}
    rows = {each: lessons(some, day.toordinal(), each) for each in HORIZONS}
    return ReturnModels(
        {
            each: fit(priors[each], known.numbers, known.came, known.weighs)
            for each, known in rows.items()
        }
    )


def _gaps(members: list[Visits], start: int) -> Iterator[Gap]:
    for member in members:
        for place, (day, then) in enumerate(pairwise([*member.days, 10**7])):
            if place + 1 >= VISITS_MIN and start < day <= start + DAYS:
                yield Gap(member, place, then - day)


def _twice_the_gap(gap: Gap) -> int:
    days = gap.member.days[max(0, gap.place - 8) : gap.place + 1]
    return max(7, int(2 * median([b - a for a, b in pairwise(days)])) + 1)


def _fall(models: ReturnModels, gap: Gap) -> int | None:
    at_last = gap.member.until(gap.member.days[gap.place])
    return drifts_after(models, at_last) if at_last else None


def _written(gaps: list[Gap], rule: Callable[[Gap], int | None]) -> Written:
    found = [(after, gap.until_next - after) for gap in gaps if (after := rule(gap)) is not None]
    written = [(after, more) for after, more in found if more > 0 and after <= SILENCE_MAX]
    silences = [after for after, _ in written]
    tenths = quantiles(silences, n=10)
    return Written(
        len(written),
        sum(more <= 14 for _, more in written) / len(written),
        sum(more <= 30 for _, more in written) / len(written),
        sum(more > GONE_DAYS for _, more in written),
        (median(silences), tenths[0], tenths[-1]),
    )
