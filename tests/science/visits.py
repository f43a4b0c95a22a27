"""Clubs as lists of visits: what each member's look like on a day, and what followed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from rules.facts import HALF_LIFE_DAYS
from rules.science.pattern import VisitPattern, numbers
from rules.science.rhythm import GAPS_MAX, rhythm_of

#: A model learns from so many earlier days, so far apart, and from so many rows at most.
LOOKS, LOOKS_APART, ROWS_MAX = 9, 14, 20_000


@dataclass(frozen=True, slots=True)
class Visits:
    """One member's days with a visit (ordinals, ascending) and the yen of each."""

    days: Sequence[int]
    yen: Sequence[float]

    def until(self, day: int) -> VisitPattern | None:
        """What they look like on that day; None before the first."""
        count = bisect_right(self.days, day)
        if not count:
            return None
        days = self.days[:count]
        last = days[-GAPS_MAX - 1 :]
        return VisitPattern(
            days=count,
            silence=day - days[-1],
            age=day - days[0],
            recent=sum(2 ** (-(day - each) / HALF_LIFE_DAYS) for each in days),
            rhythm=rhythm_of([b - a for a, b in pairwise(last)]),
            yen=sum(self.yen[:count]) / count,
        )

    def came(self, after: int, until: int) -> bool:
        """Whether there is a visit after that day, up to and with the other."""
        at = bisect_right(self.days, after)
        return at < len(self.days) and self.days[at] <= until


@dataclass(frozen=True, slots=True)
class Window:
    """Members as they were on a day, and whether each came within the horizon."""

    patterns: list[VisitPattern]
    came: list[bool]

    def only(self, wanted: Iterable[bool]) -> "Window":
        kept = [at for at, want in enumerate(wanted) if want]
        return Window([self.patterns[at] for at in kept], [self.came[at] for at in kept])


def window(club: Sequence[Visits], day: int, horizon: int) -> Window:
    found = [(known, each.came(day, day + horizon)) for each in club if (known := each.until(day))]
    return Window([known for known, _ in found], [came for _, came in found])


def lessons(
    club: Sequence[Visits], day: int, horizon: int, *, seed: int = 0
) -> tuple[list[list[float]], list[bool]]:
    """The rows that were known on `day`, and what followed each: of members drawn so that they are
    `ROWS_MAX` at most."""
    most = ROWS_MAX // LOOKS
    some = club if len(club) <= most else Random(seed).sample(list(club), most)
    looks = [window(some, day - horizon - LOOKS_APART * n, horizon) for n in range(LOOKS)]
    rows = [numbers(pattern, horizon) for look in looks for pattern in look.patterns]
    return rows, [came for look in looks for came in look.came]
