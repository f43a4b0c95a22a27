"""What a test can find at a club's size, so that nobody waits for what can't be seen."""

from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist

from .interval import half_width

#: A lift is found four times out of five.
POWER = 0.8
#: A lift beyond this is wishful: a test that finds nothing smaller finds nothing.
LIFT_MAX = 0.3
#: Tests longer than so many months are not told: until then the club is another.
MONTHS_MAX = 60
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known of a test before it starts."""

    #: So many episodes fall due a year, on both sides together with any others.
    episodes: float
    #: The shares of them that fall on the two sides.
    share: float
    against: float
    #: The share of those not written to who come within the window.
    base: float
    #: The lift that the test is planned to find.
    planned_lift: float
    #: The share of the variance that the foretold chances take out.
    saved: float = 0.0
    #: Days until a window is complete.
    measure_days: int = 30


def smallest_lift(trial: Trial, *, months: float = 12) -> float | None:
    """The smallest lift that is found within so many months with POWER; None where even LIFT_MAX
    is not."""
    if _power(trial, LIFT_MAX, months) < POWER:
        return None
    low, high = 0.0, LIFT_MAX
    while high - low > 0.0005:
        middle = (low + high) / 2
        low, high = (low, middle) if _power(trial, middle, months) >= POWER else (middle, high)
    return high


def months_to_find(trial: Trial) -> int | None:
    """In how many months the planned lift is found with POWER; None where MONTHS_MAX won't do."""
    if _power(trial, trial.planned_lift, MONTHS_MAX) < POWER:
        return None
    low, high = 0, MONTHS_MAX
    while high - low > 1:
        middle = (low + high) // 2
        found = _power(trial, trial.planned_lift, middle) >= POWER
        low, high = (low, middle) if found else (middle, high)
    return high


def _power(trial: Trial, lift: float, months: float) -> float:
    """How likely `lift` shows on some day within so many months.

    What is known grows steadily, so that the estimate is a Brownian motion with the lift as drift,
    which shows when it leaves the range. The range's edge bends downwards; its tangent at the end
    lies above it, and the chance of crossing a straight line is known (Bachelier and Lévy;
    D. Siegmund, "Sequential Analysis" (1985), 3.15). So this is a little less than the truth.
    """
    error = _error(trial, lift, months)
    if error is None or lift <= 0:
        return 0.0
    known = 1 / error**2
    edge, slope = _edge(known, trial.planned_lift)
    start, drift, root = edge - slope * known, lift - slope, sqrt(known)
    cdf = NormalDist().cdf
    again = cdf((-start - drift * known) / root)
    return cdf((drift * known - start) / root) + exp(min(700.0, 2 * drift * start)) * again


def _edge(known: float, planned_lift: float) -> tuple[float, float]:
    """Where the range's edge is once so much is `known` (1 / error²), in sums of what is known, and
    how steeply it goes on from there."""
    edge = half_width(1 / sqrt(known), planned_lift) * known
    return edge, (edge**2 / (known + 1 / planned_lift**2) + 1) / (2 * edge)


def _error(trial: Trial, lift: float, months: float) -> float | None:
    """The standard error after so many months; None while no window is complete."""
    complete = trial.episodes * (months - trial.measure_days / _DAYS_A_MONTH) / 12
    better = min(1.0, trial.base + lift)
    if complete * min(trial.share, trial.against) < 1:
        return None
    spread = better * (1 - better) / trial.share + trial.base * (1 - trial.base) / trial.against
    return sqrt(spread * (1 - trial.saved) / complete) or None
