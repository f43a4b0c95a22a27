"""How well chances were foretold."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from .model import chance_of


@dataclass(frozen=True, slots=True)
class Quality:
    """Of a model, on a window that it did not learn from."""

    #: The members looked at.
    members: int
    #: The chance that of two, one who came and one who didn't, it names the right one likelier.
    auc: float
    #: The mean squared distance between chance and what was.
    brier: float


def quality(chances: Sequence[float], came: Sequence[bool]) -> Quality:
    """ValueError where all came, or nobody did."""
    return Quality(len(came), auc(chances, came), brier(chances, came))


def auc(chances: Sequence[float], came: Sequence[bool]) -> float:
    """The area under the curve, by ranks, ties halved: J. A. Hanley and B. J. McNeil, "The meaning
    and use of the area under a ROC curve", Radiology 143 (1982), 29-36."""
    ordered = sorted(zip(chances, came, strict=True))
    yes = sum(came)
    no = len(ordered) - yes
    if not yes or not no:
        raise ValueError("of one kind only")
    ranks, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(hit for _, hit in ordered[at:end])
        at = end
    return (ranks - yes * (yes + 1) / 2) / (yes * no)


def brier(chances: Sequence[float], came: Sequence[bool]) -> float:
    """The mean squared distance: G. W. Brier, "Verification of forecasts expressed in terms of
    probability", Monthly Weather Review 78 (1950), 1-3."""
    return sum((p - y) ** 2 for p, y in zip(chances, came, strict=True)) / len(came)


def deviance(means: Sequence[float], counts: Sequence[int]) -> float:
    """How far counts lie from the means foretold, as Poisson's law has it, on average: P. McCullagh
    and J. A. Nelder, "Generalized Linear Models" (1989), 34."""
    found = ((y * log(y / m) if y else 0.0) - (y - m) for m, y in zip(means, counts, strict=True))
    return 2 * sum(found) / len(counts)


def widest_gap(chances: Sequence[float], came: Sequence[bool], parts: int = 10) -> float:
    """The members in tenths by their chance: by how much the mean chance of a tenth and the share
    of it that came differ at most."""
    ordered = sorted(zip(chances, came, strict=True))
    size = len(ordered)
    ends = [size * part // parts for part in range(parts + 1)]
    tenths = [ordered[a:b] for a, b in pairwise(ends) if b > a]
    return max(abs(sum(p - y for p, y in tenth)) / len(tenth) for tenth in tenths)


def level_set(log_odds: Sequence[float], share: float) -> list[float]:
    """The chances of these log odds, all moved by the same so that their mean is `share`."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = sum(chance_of(each + middle) for each in log_odds) / len(log_odds)
        low, high = (middle, high) if mean < share else (low, middle)
    return [chance_of(each + low) for each in log_odds]
