"""How likely a member is to come again within some days: one logistic regression."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from .pattern import NUMBERS, VisitPattern, features

#: Within so many days a return is foretold.
HORIZONS = (14, 30, 60)
#: Beyond these log odds a chance is 0 or 1 for whoever reads it.
_LOG_ODDS_MAX = 20.0


@dataclass(frozen=True, slots=True)
class ReturnModel:
    """The chance to come again within `horizon` days."""

    horizon: int
    #: `NUMBERS` of them, in the order of `pattern.numbers`.
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != NUMBERS:
            raise ValueError(f"a model has {NUMBERS} weights, not {len(self.weights)}")

    def chance(self, pattern: VisitPattern) -> float:
        """From 0 to 1."""
        return chance_of(self.log_odds(pattern))

    def log_odds(self, pattern: VisitPattern) -> float:
        """The log odds of a return."""
        return weighed(self.weights, pattern, self.horizon)


def weighed(weights: Sequence[float], pattern: VisitPattern, horizon: int) -> float:
    """`numbers` times the weights, without making the products."""
    a, b, c, d, e, yen = features(pattern, horizon)
    (
        w, wa, wb, wc, wd, we,
        aa, ab, ac, ad, ae, bb, bc, bd, be, cc, cd, ce, dd, de, ee, wy,
    ) = weights  # fmt: skip
    return (
        w
        + wy * yen
        + a * (wa + aa * a + ab * b + ac * c + ad * d + ae * e)
        + b * (wb + bb * b + bc * c + bd * d + be * e)
        + c * (wc + cc * c + cd * d + ce * e)
        + d * (wd + dd * d + de * e)
        + e * (we + ee * e)
    )


def chance_of(log_odds: float) -> float:
    """The chance with these log odds."""
    return 1 / (1 + exp(-max(-_LOG_ODDS_MAX, min(_LOG_ODDS_MAX, log_odds))))


def horizon_for(usual_gap: float, horizons: Sequence[int] = HORIZONS) -> int:
    """The shortest of the horizons in which twice a member's usual gap fits, else the longest."""
    return next((each for each in horizons if each >= 2 * usual_gap), horizons[-1])
