"""A member's own rhythm: how the gaps between their visits spread, and what that says of a silence.

Gaps are taken as log-normal. A member's last few are weighed against a few gaps that everybody is
lent, so that two visits make no rhythm and ten make their own.
"""

from collections.abc import Sequence
from math import erfc, exp, expm1, log, log1p, pi, sqrt
from typing import NamedTuple

#: So many of the last gaps count.
GAPS_MAX = 8
#: What everybody is lent: so many gaps, of two weeks, that spread by a factor of e.
LENT, LENT_MEAN, LENT_SPREAD = 2.5, log(14), 1.0
#: Beyond these odds, e^8 to one, nothing is told apart.
LOG_ODDS_MAX = 8.0
#: From here on the tail of the normal distribution is worked out by its series.
_FAR = 6.0
_LOGS = tuple(log(max(days, 1)) for days in range(4000))


class OwnRhythm(NamedTuple):
    """The next gap's logarithm: normal, with this mean and standard deviation."""

    mean: float
    spread: float

    @property
    def usual_gap(self) -> float:
        """The days that lie between two visits, as often more as fewer."""
        return exp(self.mean)


def rhythm_of(gaps: Sequence[int]) -> OwnRhythm:
    """The rhythm of somebody whose last gaps were these, in days, oldest first."""
    logs = [_LOGS[gap] if gap < len(_LOGS) else log(gap) for gap in gaps[-GAPS_MAX:]]
    known = LENT + len(logs)
    mean = (LENT * LENT_MEAN + sum(logs)) / known
    apart = LENT * (LENT_SPREAD**2 + (LENT_MEAN - mean) ** 2)
    apart += sum([(each - mean) ** 2 for each in logs])
    # The next gap is as uncertain as a gap, and as the mean itself.
    return OwnRhythm(mean, sqrt(apart / known * (1 + 1 / known)))


def log_odds(rhythm: OwnRhythm, silence: int, horizon: int) -> float:
    """The log odds that a gap ends within `horizon` days that has lasted `silence` days already."""
    # Who was here today could come again tomorrow: half a day has passed.
    now = (log(max(silence, 0.5)) - rhythm.mean) / rhythm.spread
    then = (log(silence + horizon) - rhythm.mean) / rhythm.spread
    lasts = _log_tail(then) - _log_tail(now)
    ends = -expm1(lasts)
    found = log(ends) - lasts if ends > 0 else -LOG_ODDS_MAX
    return max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, found))


def _log_tail(z: float) -> float:
    """The logarithm of the chance that a standard normal is above `z`."""
    if z < _FAR:
        return log(0.5 * erfc(z / sqrt(2)))
    return -z * z / 2 - log(z * sqrt(2 * pi)) + log1p(-1 / (z * z))


#: What is known of somebody who came on one day only.
NO_RHYTHM = rhythm_of(())
