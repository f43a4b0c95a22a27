"""What a journey brought: how many of those it was due to came within its `measure_days`, against
those held back; and what may be believed of the difference.

By intention to treat: everybody counts on the side that was drawn for them, whatever became of the
message. Each member counts once, from the first time: whether it is due to somebody a second time
already depends on what the first one did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, inf, sqrt
from statistics import NormalDist
from typing import Literal

from ..programme.timeline import Timeline
from ..science.interval import Interval
from .journey import Journey
from .programme import journey_named
from .samples import ALPHA, sample_size
from .words import arms_of

#: Until a test is as large as it needs to be, a difference is believed at this confidence only, for
#: whoever looks often enough sees one by chance: Peto et al., "Design and analysis of randomized
#: clinical trials requiring prolonged observation of each patient", British Journal of Cancer 34
#: (1976), 585-612.
EARLY = 0.999
#: From so many windows on, the club's own share of those who come anyway replaces our guess.
_OWN_FROM = 30
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One side of a test."""

    #: None for those held back.
    arm: str | None
    #: The members whose windows are over.
    complete: int = 0
    #: Those whose windows are not over yet.
    still_open: int = 0
    #: Of the complete, so many came in their windows.
    came: int = 0
    #: Of the complete, so many left (退会) in their windows.
    left: int = 0
    #: So many messages were sent to the complete.
    sent: int = 0
    #: Who was erased since, or joined to another card: counted nowhere else.
    gone: int = 0

    @property
    def drawn(self) -> int:
        """How many windows there are, complete or not."""
        return self.complete + self.still_open


@dataclass(frozen=True, slots=True)
class Cost:
    """Messages sent for each visitor more."""

    #: The likeliest figure.
    about: float
    #: It is this much at least.
    least: float
    #: It is this much at most.
    most: float


Verdict = Literal["more", "fewer", "level", "early"]


@dataclass(frozen=True, slots=True)
class Effect:
    """An arm against another side of the same test."""

    side: ArmResult
    against: ArmResult
    #: The share of those who came, less the other's, as a share of 1; None while a side has no
    #: complete window.
    points: float | None
    #: Its 95 % interval; None with it.
    interval: Interval | None
    verdict: Verdict
    #: About how long it takes yet to tell; None where that can't be said or is not asked.
    months: int | None
    #: Whether more leave because of it.
    more_leave: bool
    #: None unless it surely brings more than silence.
    cost: Cost | None


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """How far back the version of a test reaches that is in force now."""

    #: Since when it has been in force; None: for ever.
    since: datetime | None
    #: Whether arms, weights and the share held back stayed the same under it.
    steady: bool


def stretch(timeline: Timeline, journey: Journey, *, now: datetime) -> VersionSpan:
    """How far back the rows of `journey`'s present version reach. A programme that left it out for
    a while drew nobody and ends nothing."""
    since, draws = now, {_draws(journey)}
    for each in reversed([v for v in timeline.versions if v.since <= now]):
        known = journey_named(each.programme, journey.id)
        if known is not None and (known.kind, known.version) != (journey.kind, journey.version):
            return VersionSpan(since, len(draws) == 1)
        since = each.since
        if known is not None:
            draws.add(_draws(known))
    # What is older than the first programme was judged by it.
    return VersionSpan(None, len(draws) == 1)


def _draws(journey: Journey) -> tuple[object, ...]:
    """What decides on which side somebody falls, beside who they are."""
    return (journey.holdout, *((arm.id, arm.weight) for arm in arms_of(journey)))


def sides_of(
    journey: Journey, counted: Sequence[ArmResult], *, share: float
) -> tuple[ArmResult, ...]:
    """All sides of the test, counted or not: those held back, if any `share` is, then the arms in
    the programme's order, then those that it has dropped."""
    found = {side.arm: side for side in counted}
    held = [None] if share or None in found else []
    wanted = dict.fromkeys(
        [*held, *(arm.id for arm in arms_of(journey)), *sorted(filter(None, found))]
    )
    return tuple(found.get(arm, ArmResult(arm)) for arm in wanted)


def effects(journey: Journey, sides: Sequence[ArmResult], *, days: float) -> tuple[Effect, ...]:
    """Each side but the first against the first, after so many `days` of counting."""
    against, *others = sides
    # Of several comparisons, one or the other shows something by chance: Bonferroni.
    sure = 1 - ALPHA / max(1, len(others))
    return tuple(_effect(journey, each, against, sure=sure, days=days) for each in others)


def _effect(
    journey: Journey, side: ArmResult, against: ArmResult, *, sure: float, days: float
) -> Effect:
    if not side.complete or not against.complete:
        months = _months(journey, side, against, days)
        return Effect(side, against, None, None, "early", months, False, None)
    mine, theirs = (side.came, side.complete), (against.came, against.complete)
    points = side.came / side.complete - against.came / against.complete
    interval = difference(mine, theirs)
    is_full = min(side.complete, against.complete) >= _needed(journey, side, against)
    verdict = _verdict(difference(mine, theirs, sure if is_full else EARLY), is_full=is_full)
    leaving = difference((side.left, side.complete), (against.left, against.complete), sure)
    return Effect(
        side,
        against,
        points,
        interval,
        verdict,
        months=_months(journey, side, against, days) if verdict == "early" else None,
        more_leave=leaving.low > 0,
        cost=_cost(side, against, points, interval) if verdict == "more" else None,
    )


def _verdict(interval: Interval, *, is_full: bool) -> Verdict:
    if interval.low > 0:
        return "more"
    if interval.high < 0:
        return "fewer"
    return "level" if is_full else "early"


def _needed(journey: Journey, side: ArmResult, against: ArmResult) -> float:
    """How many complete windows the smaller of the two sides needs."""
    guess = journey.guess
    small, large = sorted((side.drawn, against.drawn))
    if guess is None or not small:
        return inf
    own = against.came / against.complete if against.complete >= _OWN_FROM else guess.base
    return sample_size(min(own, 1 - guess.lift), guess.lift, ratio=large / small)


def _months(journey: Journey, side: ArmResult, against: ArmResult, days: float) -> int | None:
    """About how many months it takes yet, if as many go on falling due; None while none did."""
    needed, small = _needed(journey, side, against), min(side.drawn, against.drawn)
    if needed == inf:
        return None
    to_be_drawn = max(0.0, needed - small) * max(days, 1) / small
    return max(1, ceil((to_be_drawn + journey.measure_days) / _DAYS_A_MONTH))


def _cost(side: ArmResult, against: ArmResult, points: float, interval: Interval) -> Cost | None:
    """Only against silence, and of what surely brings more: the reciprocals of the difference and
    its limits (D. G. Altman, "Confidence intervals for the number needed to treat", BMJ 317 (1998),
    1309-1312), for as many messages as were sent."""
    if against.arm is not None or not side.sent:
        return None
    each = side.sent / side.complete
    return Cost(each / points, each / interval.high, each / interval.low)


def wilson(count: int, of: int, confidence: float = 1 - ALPHA) -> Interval:
    """The score interval of `count` in `of` (at least one): E. B. Wilson, "Probable inference, the
    law of succession, and statistical inference", JASA 22 (1927), 209-212."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = 2 * count + z * z
    apart = z * sqrt(z * z + 4 * count * (of - count) / of)
    low, high = ((middle + way * apart) / (2 * (of + z * z)) for way in (-1, 1))
    # Exact where rounding would leave a trace.
    return Interval(0.0 if count == 0 else low, 1.0 if count == of else high)


def difference(
    mine: tuple[int, int], theirs: tuple[int, int], confidence: float = 1 - ALPHA
) -> Interval:
    """The interval of the share of `mine` less that of `theirs`, each (count, of at least one).

    Hybrid score method without correction for continuity: R. G. Newcombe, "Interval estimation for
    the difference between independent proportions: comparison of eleven methods", Statistics in
    Medicine 17 (1998), 873-890, method 10.
    """
    share, other = mine[0] / mine[1], theirs[0] / theirs[1]
    (low, high), (other_low, other_high) = wilson(*mine, confidence), wilson(*theirs, confidence)
    return Interval(
        share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )
