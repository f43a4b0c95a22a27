"""Days on which the shop or a branch is closed for once, as a programme's file lists them: some
more, or some less."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

#: A period of the file: `on`, and `until` where it is longer than a day.
Periods = Sequence[Mapping[str, Any]]
_DAY = timedelta(days=1)


def with_days(periods: Periods, first: date, last: date) -> list[dict[str, date]]:
    """The periods with `first` to `last` among them, by their beginning."""
    return _periods(sorted([*_spans(periods), (first, last)]))


def without_days(periods: Periods, first: date, last: date) -> list[dict[str, date]]:
    """The periods without `first` to `last`: what stands before and after them stays."""
    left = []
    for start, end in _spans(periods):
        left.append((start, min(end, first - _DAY)))
        left.append((max(start, last + _DAY), end))
    return _periods(span for span in left if span[0] <= span[1])


def covers(periods: Periods, first: date, last: date) -> bool:
    """Whether all of those days are closed already, in one period."""
    return any(start <= first and last <= end for start, end in _spans(periods))


def meets(periods: Periods, first: date, last: date) -> bool:
    """Whether one of those days is closed."""
    return any(start <= last and first <= end for start, end in _spans(periods))


def _spans(periods: Periods) -> list[tuple[date, date]]:
    return [(each["on"], each.get("until") or each["on"]) for each in periods]


def _periods(spans: Iterable[tuple[date, date]]) -> list[dict[str, date]]:
    return [{"on": start} if start == end else {"on": start, "until": end} for start, end in spans]
