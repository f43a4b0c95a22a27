"""Cohorts: of those who joined, or first came, in the same month, how many came again in each month
after it."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from bot.store.figures import sheets
from bot.store.figures.reading import Behind
from rules.characters import whole_number
from rules.figures.cohorts import (
    COHORT_MONTHS,
    COHORT_SHEET,
    COHORTS,
    Cohort,
    cohorts,
    first_cohort,
    shares_of_all,
)
from rules.figures.periods import DaySpan
from rules.shop import add_months
from rules.wording.texts import year_month

from ...current import current_club
from ...staff.frame.access import language, manager_page
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.choices import AskedChoice, AskedSelect
from ..frame.files import table_file
from .people import PeopleShown, people_page, place_of_address
from .sheets import select_of, sheet_page, store_select, today

_DAY = timedelta(days=1)
#: From which share on a cell is darker.
_SHADES = (0.001, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class CohortCell:
    """A month after: what stands there, and how dark it is."""

    share: str
    people: int
    shade: int


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort as it is shown."""

    month: str
    name: str
    size: int
    cells: tuple[CohortCell, ...]


def cohort_text(what: str, by: str) -> str:
    """The text of `what`, by what people are put together."""
    return f"owner.sheets.cohorts.{what}_{by}"


@pages.get("/figures/cohorts", endpoint="cohorts")
@manager_page
def show_cohorts() -> ResponseReturnValue:
    by, store = _by(), store_select()
    found = _cohorts(by, store)
    shares = shares_of_all(found)
    return sheet_page(
        "cohorts",
        (by, store),
        by=by.chosen,
        cohort_text=cohort_text,
        rows=[_row(each) for each in reversed(_from_first(found))],
        months=range(1, COHORT_MONTHS + 1),
        curve=[(n, None if s is None else round(100 * s, 1)) for n, s in enumerate(shares, 1)],
        is_empty=not any(each.size for each in found),
    )


@pages.get("/figures/cohorts.csv", endpoint="cohorts_file")
@manager_page
def cohorts_file() -> Response:
    """A row for each cohort: how many they are, and how many came in each month after."""
    words, by, store = words_now(), _by(), store_select()
    after = [
        words.say("owner.sheets.cohorts.after_people", count=n) for n in range(1, COHORT_MONTHS + 1)
    ]
    month = words.say("owner.sheets.cohorts.month")
    size = words.say("owner.sheets.cohorts.size_people")
    rows: list[list[str | float]] = [
        [f"{each.month:%Y-%m}", each.size, *each.came, *[""] * (COHORT_MONTHS - len(each.came))]
        for each in _cohorts(by, store)
    ]
    name = "-".join(["cohorts", by.chosen, *filter(None, [store.chosen])])
    return table_file(name, [month, size, *after], rows)


@pages.get("/figures/cohorts/<month>", endpoint="cohort_people")
@manager_page
def show_people(month: str) -> ResponseReturnValue:
    """Those of a cohort, or of these who came in a month after it."""
    by, store, words = _by(), store_select(), words_now()
    first = _month(month)
    after = whole_number(request.args.get("after_month", "0"), 2)
    if first is None or after is None or after > COHORT_MONTHS:
        abort(404)
    args = {"by": by.chosen, "store": store.chosen}
    text = "came" if after else "all"
    return people_page(
        Behind(
            by.chosen, store.chosen, "", first, place_of_address(),
            last=add_months(first, 1) - _DAY, month=after,
        ),
        PeopleShown(
            words.say(cohort_text("in", by.chosen), month=year_month(language(), first)),
            words.say(f"owner.sheets.cohorts.people_{text}", count=after),
            words.say("owner.sheets.people_how"),
            ("owner.cohorts", args),
            ("owner.cohort_people", {**args, "month": month, "after_month": str(after)}),
            day=cohort_text("day", by.chosen),
            has_rank=False,
        ),
    )  # fmt: skip


def _by() -> AskedSelect:
    words = words_now()
    choices = [AskedChoice(each, words.say(cohort_text("by", each))) for each in COHORTS]
    return select_of("by", "owner.sheets.cohorts.by", choices)


def _month(text: str) -> date | None:
    """The month's first day; None for what is no month, or hasn't begun."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if first <= today() else None


def _cohorts(by: AskedSelect, store: AskedSelect) -> tuple[Cohort, ...]:
    day = today()
    kind = next(each for each in COHORTS if each == by.chosen)
    span = DaySpan(first_cohort(day), day)
    with current_club().store.read() as uow:
        kept = sheets.of_days(uow, COHORT_SHEET, span, store=store.chosen)
    return cohorts(kind, kept, day)


def _from_first(found: tuple[Cohort, ...]) -> tuple[Cohort, ...]:
    """From the first that has anybody on."""
    return tuple(dropwhile(lambda each: not each.size, found))


def _row(each: Cohort) -> CohortRow:
    return CohortRow(
        f"{each.month:%Y-%m}",
        year_month(language(), each.month),
        each.size,
        tuple(_cell(people, each.size) for people in each.came),
    )


def _cell(people: int, size: int) -> CohortCell:
    if not size:
        return CohortCell("", 0, 0)
    share = people / size
    return CohortCell(f"{100 * share:.0f}%", people, bisect_right(_SHADES, share))
