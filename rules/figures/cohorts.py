"""Cohorts: who joined or first came in the same month, and in which of the months after it they
came again.

A cohort is of a calendar month, and so are the months after it: somebody who first came on the 31st
and again on the 1st came again in the first month. Whoever has several cards is one, and who left
or was erased stays in theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from ..shop import add_months, month_start
from .life import Happened, Life
from .sums import ALL, Key, Sheet, turns_of

CohortBy = Literal["joined", "first"]
COHORTS: tuple[CohortBy, ...] = get_args(CohortBy)
#: So many months are looked at.
COHORT_MONTHS = 12
COHORT_SHEET: Sheet = "*cohorts"


def cohort_figure(by: CohortBy, month: int) -> str:
    """Under which name it is kept how many came in that month after; in 0 how many there are."""
    return f"{by}:{month}"


def beginnings(life: Life) -> dict[CohortBy, Happened]:
    """What puts somebody into a cohort."""
    joined = next((each for each in life if each.kind == "joined"), None)
    turns = turns_of(each for each in life if each.kind == "visit")
    found: dict[CohortBy, Happened] = {}
    if joined is not None:
        found["joined"] = joined
    if turns:
        found["first"] = turns[0]
    return found


def months_came(life: Life, began: Happened) -> int:
    """The months after that one in which they came, a bit for each."""
    start, found = _month(began), 0
    for each in life:
        if each.kind == "visit" and 0 < (after := _month(each) - start) <= COHORT_MONTHS:
            found |= 1 << after
    return found


def _month(each: Happened) -> int:
    return 12 * each.day.year + each.day.month


def cohort_sums(life: Life) -> Counter[Key]:
    """What a person adds, by the first day of their cohort's month. The store is the one where they
    joined or first came; they come again wherever they do."""
    found: Counter[Key] = Counter()
    for by, began in beginnings(life).items():
        day, months = month_start(began.day).toordinal(), 1 | months_came(life, began)
        for store in {ALL, began.store}:
            for month in range(COHORT_MONTHS + 1):
                if months >> month & 1:
                    found[Key(store, COHORT_SHEET, cohort_figure(by, month), day)] += 1
    return found


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who began in a month, and how many of them came in each month after it that is over."""

    month: date
    size: int
    came: tuple[int, ...]


def first_cohort(today: date) -> date:
    """The month of the oldest cohort that is shown: its last month is just over."""
    return add_months(month_start(today), -COHORT_MONTHS - 1)


def cohorts(by: CohortBy, kept: Iterable[tuple[str, date, int]], today: date) -> tuple[Cohort, ...]:
    """Those of the months that are over, the oldest first."""
    value = {(figure, day): count for figure, day, count in kept}
    first = first_cohort(today)
    found = []
    for n in range(COHORT_MONTHS + 1):
        month = add_months(first, n)
        after = range(1, COHORT_MONTHS + 1 - n)
        came = tuple(value.get((cohort_figure(by, each), month), 0) for each in after)
        found.append(Cohort(month, value.get((cohort_figure(by, 0), month), 0), came))
    return tuple(found)


def shares_of_all(shown: Iterable[Cohort]) -> tuple[float | None, ...]:
    """Month by month the share of all who came again, of the cohorts for which that month is over;
    None where there is nobody."""
    found = list(shown)
    shares: list[float | None] = []
    for n in range(COHORT_MONTHS):
        known = [each for each in found if len(each.came) > n]
        size = sum(each.size for each in known)
        shares.append(sum(each.came[n] for each in known) / size if size else None)
    return tuple(shares)
