"""Foretelling who comes again: learning from a club's rows, and asking for many chances.

The limit of a fit are the products of one step's matrix, once; of a chance, the logarithms and
tails of the normal distribution that it can't do without.
"""

from collections.abc import Callable
from math import erfc, log, log1p
from operator import mul
from time import process_time

from rules.science.fitting import fit
from rules.science.learned import PRIOR, priors
from rules.science.lessons import lessons, window
from tests.science.simulated import LOOK, cafe

from .measure import Goal, Row, Sizes, compare, in_turn

HORIZON = 30
#: A fit may take as long as so many steps, and a chance so many times what it can't do without.
_STEPS, _TIMES = 8, 12


def measure(sizes: Sizes) -> list[Row]:
    club = cafe(sizes.crowd // 30, seed=7)
    rows = lessons(club, LOOK, HORIZON)
    columns = list(zip(*rows.numbers, strict=True))
    patterns = window(club, LOOK, HORIZON).patterns
    model = PRIOR.by_horizon[HORIZON]
    samples = in_turn(
        sizes.rounds,
        {
            "fit": lambda: _seconds(
                lambda: fit(priors()[HORIZON], rows.numbers, rows.came, rows.weighs)
            ),
            "step": lambda: _seconds(lambda: _products(columns)),
            "chances": lambda: _seconds(lambda: [model.chance(each) for each in patterns]),
            "bare": lambda: _seconds(lambda: [_bare(each.silence + 1) for each in patterns]),
        },
    )
    count = len(rows.came)
    return [
        compare(
            f"learn from {count:,} rows, beside one step's products",
            "s",
            samples["fit"],
            samples["step"],
            Goal(ratio_max=_STEPS),
        ),
        compare(
            f"{len(patterns):,} chances, beside their logarithms",
            "s",
            samples["chances"],
            samples["bare"],
            Goal(ratio_max=_TIMES),
        ),
    ]


def _products(columns: list[tuple[float, ...]]) -> None:
    for place, column in enumerate(columns):
        for other in columns[place:]:
            sum(map(mul, column, other))


def _bare(silence: int) -> float:
    tails = log(erfc(silence / 99)) + log(erfc(silence / 999))
    return log(silence) + log1p(silence) + log1p(silence) + log(silence) + log(silence) + tails


def _seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started
