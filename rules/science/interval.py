"""How far a difference may be believed, however often somebody looks."""

from math import log, sqrt
from typing import Literal, NamedTuple

from .difference import Estimate

#: A range is wrong, on any day that somebody looks at it, in so many of all tests at most.
ALPHA = 0.05
#: No club is large enough for a smaller error: a side on which all did the same, but for rounding.
_NO_ERROR = 1e-6

Verdict = Literal["more", "fewer", "unknown"]


class Interval(NamedTuple):
    """From `low` to `high`."""

    low: float
    high: float


def always_valid(estimate: Estimate, planned_lift: float) -> Interval:
    """The range that holds the true difference on all days together in 95 % of tests; the whole of
    -1 to 1 while there is no error to be
    seen. `planned_lift` is the lift that the test was planned to
    find: the range is narrowest where it is found.

    The normal mixture's confidence sequence: H. Robbins, "Statistical methods related to the law of
    the iterated logarithm", Annals of Mathematical Statistics 41 (1970), 1397-1409; S. R. Howard,
    A. Ramdas, J. McAuliffe and J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
    sequences", Annals of Statistics 49 (2021), 1055-1080; R. Johari, P. Koomen, L. Pekelis and
    D. Walsh, "Always valid inference", Operations Research 70 (2022), 1806-1821.
    """
    if estimate.error < _NO_ERROR:
        return Interval(-1.0, 1.0)
    apart = half_width(estimate.error, planned_lift)
    return Interval(max(-1.0, estimate.points - apart), min(1.0, estimate.points + apart))


def half_width(error: float, planned_lift: float) -> float:
    """How far the range reaches to either side of a difference with the standard `error`."""
    known = (error / planned_lift) ** 2
    return error * sqrt((1 + known) * (log(1 + 1 / known) - 2 * log(ALPHA)))


def verdict(interval: Interval) -> Verdict:
    """What the range says: surely more, surely fewer, or neither."""
    if interval.low > 0:
        return "more"
    return "fewer" if interval.high < 0 else "unknown"
