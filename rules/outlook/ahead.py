"""What the next ninety days are likely to cost: by the pace of the ninety days before, with the
range of the last year's; and what it would be if everybody used all that they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..figures.periods import DaySpan

AHEAD_DAYS = 90
#: So many spans of ninety days are looked back on.
WINDOWS = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExpectedCost:
    """What one kind of thing is likely to cost, in yen."""

    id: str
    #: None: nobody can tell yet.
    likely: int | None
    low: int | None
    high: int | None
    #: If everybody used all that they have, and never less than `high`; None: nobody can tell.
    most: int | None = None
    #: Whether it is a part of others, and no cost of its own.
    is_part: bool = False


def windows_before(today: date) -> tuple[DaySpan, ...]:
    """The last spans of ninety days up to yesterday, the newest first."""
    ends = (today - (1 + n * AHEAD_DAYS) * _DAY for n in range(WINDOWS))
    return tuple(DaySpan(end - (AHEAD_DAYS - 1) * _DAY, end) for end in ends)


def by_pace(
    name: str, paid: Sequence[float], *, most: int | None = None, is_part: bool = False
) -> ExpectedCost:
    """`paid`: what it came to in each span for which the club was there whole, the newest first.
    As it went last it goes on; it was never less than the least of them, nor more than the most."""
    if not paid:
        return ExpectedCost(name, None, None, None, most, is_part)
    high = round(max(paid))
    return ExpectedCost(name, round(paid[0]), round(min(paid)), high, max(most or 0, high), is_part)


def together(parts: Sequence[ExpectedCost]) -> ExpectedCost:
    """All that are costs of their own. What can't be told yet of one can't be told of all."""
    own = [each for each in parts if not each.is_part]
    most = sum(each.most or 0 for each in own)
    known = [
        (each.likely, each.low, each.high)
        for each in own
        if each.likely is not None and each.low is not None and each.high is not None
    ]
    if len(known) < len(own):
        return ExpectedCost("all", None, None, None, most)
    likely, low, high = (sum(column) for column in zip(*known, strict=True)) if known else (0, 0, 0)
    return ExpectedCost("all", likely, low, high, most)


def discount(yen: int, percent: int) -> float:
    """What a price that was so much less left out of `yen` that were paid."""
    return yen * percent / (100 - percent) if percent < 100 else 0.0
