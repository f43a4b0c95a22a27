"""What each journey likely brings, seeing what the club's others do."""

from collections.abc import Sequence
from math import exp, log, sqrt

from .difference import Estimate

#: Journeys of a club differ by about so much: the scale of a half-normal prior.
APART = 0.05
#: The spreads that are tried, as multiples of it.
_SPREADS = tuple(APART * step / 8 for step in range(1, 33))


def shrunk(estimates: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """Each of the club's journeys' `estimates` (with errors over 0), drawn towards their common
    mean, the more so the less is known of it itself.

    Normal within normal. How far journeys lie apart is itself uncertain, above all with few of
    them, so it is averaged over rather than estimated: A. Gelman et al., "Bayesian Data Analysis"
    (3rd edition 2013), 5.4; with the weak half-normal prior of C. Röver et al., "On weakly
    informative prior distributions for the heterogeneity parameter in Bayesian random-effects
    meta-analysis", Research Synthesis Methods 12 (2021), 448-474. One journey alone stays as it is.
    """
    if not estimates:
        return ()
    likely = [_likelihood(estimates, spread) for spread in _SPREADS]
    best = max(likely)
    weights = [exp(each - best) for each in likely]
    drawn = [_drawn(estimates, spread) for spread in _SPREADS]
    return tuple(
        _mixed([each[place] for each in drawn], weights) for place in range(len(estimates))
    )


def _mean(estimates: Sequence[Estimate], spread: float) -> Estimate:
    """The club's mean, if journeys lie `spread` apart."""
    weights = [1 / (each.error**2 + spread**2) for each in estimates]
    total = sum(weights)
    points = sum(e.points * weight for e, weight in zip(estimates, weights, strict=True)) / total
    return Estimate(points, sqrt(1 / total))


def _likelihood(estimates: Sequence[Estimate], spread: float) -> float:
    """The logarithm of how likely `spread` is, but for a constant (Gelman's 5.21)."""
    mean = _mean(estimates, spread)
    found = log(mean.error) - (spread / APART) ** 2 / 2
    for each in estimates:
        variance = each.error**2 + spread**2
        found -= (log(variance) + (each.points - mean.points) ** 2 / variance) / 2
    return found


def _drawn(estimates: Sequence[Estimate], spread: float) -> list[Estimate]:
    """Each towards the mean, if journeys lie `spread` apart (Gelman's 5.17 and 5.20)."""
    mean = _mean(estimates, spread)
    found = []
    for each in estimates:
        own = spread**2 / (each.error**2 + spread**2)
        points = mean.points + own * (each.points - mean.points)
        variance = own * each.error**2 + ((1 - own) * mean.error) ** 2
        found.append(Estimate(points, sqrt(variance)))
    return found


def _mixed(estimates: Sequence[Estimate], weights: Sequence[float]) -> Estimate:
    """One figure of several, each of which is as likely as its weight."""
    total = sum(weights)
    pairs = list(zip(estimates, weights, strict=True))
    points = sum(each.points * weight for each, weight in pairs) / total
    variance = sum((e.error**2 + (e.points - points) ** 2) * weight for e, weight in pairs) / total
    return Estimate(points, sqrt(variance))
