"""What cases are about, and how soon they are answered: summed up by reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import get_args

from .cases import CaseReason, CaseState


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """What is counted of a case."""

    reason: CaseReason
    state: CaseState
    opened_at: datetime
    answered_at: datetime | None
    is_overdue: bool
    helped: bool | None


@dataclass(frozen=True, slots=True)
class ReasonSummary:
    """The cases of one reason."""

    reason: CaseReason
    opened: int
    #: Of whom the member waits now.
    waiting: int
    overdue: int
    #: From opening to the first answer, half of them took no longer; None: none was answered.
    median_time: timedelta | None
    helped: int
    not_helped: int


def sum_up(cases: Iterable[CaseTimes]) -> list[ReasonSummary]:
    """One for each reason that there is a case of, the most frequent first."""
    found = list(cases)
    by_reason = (
        _summary(reason, [case for case in found if case.reason == reason])
        for reason in get_args(CaseReason)
    )
    return sorted((each for each in by_reason if each.opened), key=lambda each: -each.opened)


def _summary(reason: CaseReason, cases: list[CaseTimes]) -> ReasonSummary:
    times = [
        (case.answered_at - case.opened_at).total_seconds() for case in cases if case.answered_at
    ]
    return ReasonSummary(
        reason=reason,
        opened=len(cases),
        waiting=sum(case.state == "open" for case in cases),
        overdue=sum(case.is_overdue for case in cases),
        median_time=timedelta(seconds=median(times)) if times else None,
        helped=sum(case.helped is True for case in cases),
        not_helped=sum(case.helped is False for case in cases),
    )
