"""How things are measured side by side, and what a line of the table is made of."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long each single measurement takes, how often all are taken in turn, on how big a club.

    `warm_up` are the seconds before each measurement that don't count. Pushes are measured for
    `push_seconds`; `crowd` are the members among whom is looked for those that are due,
    `burst` those who all write at once; `history` are the activities of who has come for years.
    `calls` are the requests of each kind at a counter, `later` those after a server's first;
    `growth` are the smaller clubs that the large one is held against; for `busy_seconds` is scanned
    while a night and a push go on.
    """

    seconds: float = 1.5
    warm_up: float = 0.3
    rounds: int = 3
    members: int = 120
    visits: int = 10
    push_seconds: float = 4.0
    crowd: int = 100_000
    burst: int = 1500
    history: int = 2400
    calls: int = 200
    later: int = 20
    growth: tuple[int, ...] = (1_000, 10_000)
    busy_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Goal:
    """`ratio_min`: at least so much of the limit. `ratio_max`: at most so many times the limit.
    `ours_max`: at most so much, in the row's unit. Where none is set, the row only tells."""

    ratio_min: float | None = None
    ratio_max: float | None = None
    ours_max: float | None = None

    def __str__(self) -> str:
        if self.ratio_min is not None:
            return f"≥ {self.ratio_min:g}"
        if self.ratio_max is not None:
            return f"≤ {self.ratio_max:g} ×"
        return f"≤ {self.ours_max:g}" if self.ours_max is not None else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: medians of ours and of the limit, and the median of their ratios."""

    path: str
    unit: str
    ours: float
    limit: float
    ratio: float
    goal: Goal = Goal()

    @property
    def met(self) -> bool | None:
        return None if self.reached is None else self.reached >= 1

    @property
    def reached(self) -> float | None:
        """How much of the goal: 1 where it is just met, 2 where it is twice as good, 0.5 where half
        as good; None where there is none."""
        goal = self.goal
        if goal.ratio_min is not None:
            return self.ratio / goal.ratio_min
        if goal.ratio_max is not None:
            return goal.ratio_max / self.ratio
        if goal.ours_max is None:
            return None
        # Nothing at all may be allowed, and met.
        return goal.ours_max / self.ours if self.ours else math.inf


Samples = Mapping[str, list[float]]


def in_turn(rounds: int, runs: Mapping[str, Callable[[], float]]) -> Samples:
    """Calls every one of `runs`, `rounds` times over: A B A B, because machines drift."""
    samples: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            samples[name].append(run())
    return samples


def compare(
    path: str, unit: str, ours: list[float], limit: list[float], goal: Goal | None = None
) -> Row:
    """A row from samples taken in turn: each of ours is held against the limit of its own round."""
    ratios = [mine / most for mine, most in zip(ours, limit, strict=True)]
    return Row(path, unit, median(ours), median(limit), median(ratios), goal or Goal())


def per_second(step: Callable[[], object], sizes: Sizes) -> float:
    """How many times a second `step` can be called one after another."""
    _repeat(step, sizes.warm_up)
    count, elapsed = _repeat(step, sizes.seconds)
    return count / elapsed


def _repeat(step: Callable[[], object], seconds: float) -> tuple[int, float]:
    began = time.perf_counter()
    count = 0
    while (elapsed := time.perf_counter() - began) < seconds:
        step()
        count += 1
    return count, elapsed
