"""The funnel: of those who joined in some months, how many took which step, where they stopped, and
at which stage they stand."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, abort
from flask.typing import ResponseReturnValue

from bot.store.figures import sheets
from bot.store.figures.reading import Behind
from bot.store.finding import funnel as followers
from rules.characters import whole_number
from rules.explaining.explain_funnel import FunnelStepLine, step_lines
from rules.explaining.figure_words import span_line
from rules.figures.periods import DaySpan
from rules.outlook.funnel import RHYTHM_DAYS, STEPS, STOPPED, Funnel, FunnelTally
from rules.outlook.ways import WAY_SHEETS, tally_of, way_mark
from rules.shop import add_months, month_start

from ...current import current_club, current_programme
from ...staff.frame.access import manager_page
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.choices import AskedChoice, AskedSelect
from ..frame.files import table_file
from .people import PeopleShown, people_page, place_of_address
from .sheets import select_of, sheet_page, store_select, today

_DAY = timedelta(days=1)
#: Those who joined in so many months are looked at, this one included.
_MONTHS = (12, 6, 3, 1)
#: Those for whom a step was the last: who stopped there, and who may still go on.
_PARTS = ("stopped", "going")


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A step as it is shown: in words, as a share of all, and whose people can be looked at."""

    line: FunnelStepLine
    place: int
    of_all: float
    stopped: int
    going: int


@pages.get("/figures/funnel", endpoint="figure_funnel")
@manager_page
def show_funnel() -> ResponseReturnValue:
    words, store, months = words_now(), store_select(), _months()
    span = _span(months)
    found = _funnel(span, store.chosen)
    lines = step_lines(words, found)
    rows = [
        FunnelRow(line, n, 100 * step.count / found.began, step.stopped, step.on_the_way)
        for n, (line, step) in enumerate(zip(lines, found.steps, strict=True))
        if found.began
    ]
    most = max(rows, key=lambda row: row.stopped, default=None)
    return sheet_page(
        "funnel",
        (months, store),
        span=span_line(words, span),
        began=found.began,
        rows=rows,
        most=most if most and most.stopped else None,
        stages=list(found.stages.items()),
        left=found.left,
        last=len(STEPS) - 1,
        stop_days=STOPPED.days,
        by_rank=_ladder(),
        rhythm_days=RHYTHM_DAYS,
        stage_text=stage_text,
        column_text=column_text,
        part_text=part_text,
        has_followers=not store.chosen,
    )


@pages.get("/figures/funnel.csv", endpoint="figure_funnel_file")
@manager_page
def funnel_file() -> Response:
    """A row for each step."""
    words, store, months = words_now(), store_select(), _months()
    found = _funnel(_span(months), store.chosen)
    names = ("step", "count", "share", "median", "stopped", "going")
    head = [words.say(column_text(each)) for each in names]
    rows: list[list[str | float]] = [
        [
            words.say(f"funnel.step.{each.step}"), each.count,
            "" if each.share is None else round(100 * each.share, 1),
            "" if each.median_days is None else each.median_days, each.stopped, each.on_the_way,
        ]
        for each in found.steps
    ]  # fmt: skip
    return table_file("-".join(filter(None, ["funnel", months.chosen, store.chosen])), head, rows)


@pages.get("/figures/funnel/<part>/<n>", endpoint="figure_step")
@manager_page
def show_step(part: str, n: str) -> ResponseReturnValue:
    """Those for whom the step is the last one: who stopped there, or is on the way."""
    place = whole_number(n, 1)
    if part not in _PARTS or place is None or not 0 < place < len(STEPS):
        abort(404)
    words, store, months = words_now(), store_select(), _months()
    span = _span(months)
    args = {"store": store.chosen, "months": months.chosen}
    mark = way_mark(part, place, ladder=_ladder())
    return people_page(
        Behind(mark, store.chosen, "", span.first, place_of_address(), last=span.last),
        PeopleShown(
            words.say(f"funnel.step.{STEPS[place]}"),
            words.say(part_text("people", part), days=STOPPED.days),
            f"{span_line(words, span)} {words.say('owner.sheets.people_how')}",
            ("owner.figure_funnel", args),
            ("owner.figure_step", {"part": part, "n": n, **args}),
            day="owner.sheets.cohorts.day_joined",
            has_rank=False,
        ),
    )


def column_text(column: str) -> str:
    """The text that heads a column."""
    return f"owner.sheets.funnel.column.{column}"


def part_text(what: str, part: str) -> str:
    """The text of those who stopped at a step, or are on the way."""
    return f"owner.sheets.funnel.{what}_{part}"


def stage_text(stage: str) -> str:
    """The text that names a stage."""
    return f"funnel.stage.{stage}"


def _months() -> AskedSelect:
    words = words_now()
    choices = [
        AskedChoice(str(n), words.say("owner.sheets.funnel.months", count=n)) for n in _MONTHS
    ]
    return select_of("months", "owner.sheets.funnel.joined_in", choices)


def _span(months: AskedSelect) -> DaySpan:
    """Whole months, up to today."""
    return DaySpan(add_months(month_start(today()), 1 - int(months.chosen)), today())


def _ladder() -> bool:
    return current_programme().ranks is not None


def _funnel(span: DaySpan, store: str) -> Funnel:
    with current_club().store.read() as uow:
        kept = sheets.summed(uow, WAY_SHEETS[_ladder()], span, store=store)
        tally = tally_of(kept.items())
        if not store:
            shop = current_programme().shop
            since, until, stopped = (
                shop.opens(day)
                for day in (span.first, span.last + _DAY, span.last - STOPPED + _DAY)
            )
            _add_followers(tally, *followers.count_followers(uow, since, until, stopped))
    return tally.funnel()


def _add_followers(tally: FunnelTally, count: int, stopped: int) -> None:
    """Those who follow and hold no card, at no store."""
    tally.last[0] += count
    tally.stopped[0] += stopped
