"""What cases are about, and how soon they are answered: summed up by reason, or by store."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TypeVar

from .cases import CaseReason, CaseState

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """What is counted of a case."""

    reason: CaseReason
    state: CaseState
    opened_at: datetime
    answered_at: datetime | None
    is_overdue: bool
    helped: bool | None
    #: None for one that is not over, and for one that ended without an answer.
    closed_at: datetime | None = None
    store: str | None = None


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """The cases of one kind."""

    opened: int
    #: Of whom the member waits now.
    waiting: int
    overdue: int
    #: From opening to the first answer, half of them took no longer; None: none was answered.
    median_time: timedelta | None
    #: The same until they were over; None: none is.
    median_close: timedelta | None
    helped: int
    not_helped: int


def sum_up(cases: Iterable[CaseTimes]) -> list[tuple[CaseReason, CaseSummary]]:
    """One for each reason that there is a case of, the most frequent first. Why somebody left is
    none: it isn't answered."""
    answered = (each for each in cases if each.reason != "leaving")
    found = _by(answered, lambda each: each.reason).items()
    return sorted(found, key=lambda each: (-each[1].opened, each[0]))


def by_store(cases: Iterable[CaseTimes]) -> dict[str | None, CaseSummary]:
    """One for each store of which there is a case that is to be answered."""
    return _by((each for each in cases if each.reason != "leaving"), lambda each: each.store)


def summary_of_all(cases: Iterable[CaseTimes]) -> CaseSummary:
    """All together that are to be answered."""
    return _summary([each for each in cases if each.reason != "leaving"])


def _by(cases: Iterable[CaseTimes], key: Callable[[CaseTimes], _Key]) -> dict[_Key, CaseSummary]:
    found: dict[_Key, list[CaseTimes]] = {}
    for each in cases:
        found.setdefault(key(each), []).append(each)
    return {which: _summary(theirs) for which, theirs in found.items()}


def _summary(cases: list[CaseTimes]) -> CaseSummary:
    first = [each.answered_at - each.opened_at for each in cases if each.answered_at]
    ended = [each.closed_at - each.opened_at for each in cases if each.closed_at]
    return CaseSummary(
        opened=len(cases),
        waiting=sum(case.state == "open" for case in cases),
        overdue=sum(case.is_overdue for case in cases),
        median_time=_median(first),
        median_close=_median(ended),
        helped=sum(case.helped is True for case in cases),
        not_helped=sum(case.helped is False for case in cases),
    )


def _median(times: list[timedelta]) -> timedelta | None:
    if not times:
        return None
    return timedelta(seconds=median(each.total_seconds() for each in times))
