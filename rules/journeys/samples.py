"""How long a test takes at a club's size, so that nobody waits for what can't be seen."""

from math import ceil, sqrt
from statistics import NormalDist

from .journey import Journey
from .words import arms_of

#: A difference is believed at 5 % (two-sided), and found four times out of five.
ALPHA, POWER = 0.05, 0.8


def sample_size(base: float, lift: float, *, ratio: float = 1) -> int:
    """How many members the smaller side of a test needs to see `lift` more than `base` come; the
    other side has `ratio` times as many.

    Normal approximation for two proportions: Fleiss, Tytun and Ury, "A simple approximation for
    calculating sample sizes for comparing independent proportions", Biometrics 36 (1980), 343-346,
    formula 2 (without the correction for continuity).
    """
    better = min(1.0, base + lift)
    z_alpha, z_beta = NormalDist().inv_cdf(1 - ALPHA / 2), NormalDist().inv_cdf(POWER)
    mean = (base + ratio * better) / (1 + ratio)
    pooled = z_alpha * sqrt((1 + ratio) * mean * (1 - mean))
    apart = z_beta * sqrt(ratio * base * (1 - base) + better * (1 - better))
    return ceil((pooled + apart) ** 2 / (ratio * (better - base) ** 2))


def months_to_see(journey: Journey, *, members: int, share: float) -> int | None:
    """How many months the test of `journey` takes in a club of so many members, with that `share`
    held back: until both of its smallest sides are large enough. None where nothing is tested."""
    sides = _sides(journey, share)
    guess = journey.guess
    if guess is None or len(sides) < 2 or members <= 0:
        return None
    smallest, next_one = sides[:2]
    needed = sample_size(guess.base, guess.lift, ratio=next_one / smallest)
    a_month = members * guess.reach * smallest
    return max(1, ceil(needed / a_month))


def _sides(journey: Journey, held_back: float) -> list[float]:
    """The shares of all members that each side of the test has, the smallest first."""
    arms = arms_of(journey)
    written = (1 - held_back) / sum(arm.weight for arm in arms)
    sides = [arm.weight * written for arm in arms]
    return sorted([*sides, held_back] if held_back else sides)
