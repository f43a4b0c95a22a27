"""The club's figures: by period, store and rank, each beside what it was, as a chart with its
table, with its definition and the people behind it; and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue

from bot.store.figures import reading
from rules.explaining.figure_words import (
    FigureWords,
    Move,
    amount,
    figure_words,
    move,
    plain,
    points_otherwise,
    span_line,
    step_word,
)
from rules.figures.definitions import Definition, Panel, kept_names
from rules.figures.periods import DaySpan
from rules.figures.values import Sums, days_needed
from rules.wording.words import Words

from ...current import current_club
from ...staff.frame.access import manager_page
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.files import table_file
from .asked import FiguresAsked, asked
from .sheets import sheet_page

layout.place(66, "owner.figures")

#: Those that stand first, each with a way to its chart.
_FIRST = (
    "visits", "per_member", "second_share", "joined", "left", "quiet_share", "used", "outstanding",
)  # fmt: skip


def panel_text(panel: str) -> str:
    """The text that names a chart."""
    return f"owner.figures.panel.{panel}"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as it is shown."""

    figure: Definition
    words: FigureWords
    now: str
    before: str
    move: Move
    #: Of which days it is, where it looks further back; empty else.
    span: str
    #: Points in yen, and yen in points; empty for what is neither.
    also: str = ""


@dataclass(frozen=True, slots=True)
class FigureStep:
    """A day or a month of a table: each figure as a number for the chart, and in words."""

    name: str
    values: tuple[tuple[float | None, str], ...]


@dataclass(frozen=True, slots=True)
class PanelView:
    """Figures with their chart."""

    panel: Panel
    figures: tuple[FigureView, ...]
    steps: tuple[FigureStep, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(number for step in self.steps for number, _ in step.values)


@pages.get("/figures", endpoint="figures")
@manager_page
def show_figures() -> ResponseReturnValue:
    chosen, words = asked(), words_now()
    sums = _sums(chosen)
    shown = [_panel(words, chosen, sums, panel) for panel in chosen.panels()]
    every = {each.figure.id: (panel, each) for panel in shown for each in panel.figures}
    return sheet_page(
        "figures",
        chosen.selects,
        asked=chosen,
        panel_text=panel_text,
        span=span_line(words, chosen.period.whole),
        before=span_line(words, chosen.period.before) if _compares(chosen, sums) else "",
        first=[every[name] for name in _FIRST if name in every],
        panels=shown,
    )


@pages.get("/figures/table.csv", endpoint="figures_file")
@manager_page
def figures_file() -> ResponseReturnValue:
    """A row for each day or month, a column for each figure: of one panel, or of all."""
    chosen, words = asked(), words_now()
    name = request.args.get("panel", "")
    panels = [panel for panel in chosen.panels() if name in ("", panel.id)]
    if not panels:
        abort(404)
    figures = [each for panel in panels for each in panel.figures]
    sums = _sums(chosen)
    rows = (
        [step.first.isoformat(), *(_cell(words, each, sums.value(each, step)) for each in figures)]
        for step in chosen.period.steps
    )
    head = [words.say("owner.figures.day"), *(_column(words, each) for each in figures)]
    return table_file(
        "-".join(["figures", *filter(None, [name, *chosen.args.values()])]), head, rows
    )


def _cell(words: Words, figure: Definition, value: float | None) -> str | float:
    return "" if value is None else plain(words, figure, value)


def _column(words: Words, figure: Definition) -> str:
    unit = words.say(f"owner.figures.column.{figure.unit}")
    return f"{figure_words(words, figure).name} ({unit})"


def _sums(chosen: FiguresAsked) -> Sums:
    figures = [each for panel in chosen.panels() for each in panel.figures]
    span = days_needed(chosen.period, figures)
    with current_club().store.read() as uow:
        return reading.sums(uow, kept_names(), span, store=chosen.store, rank=chosen.rank)


def _panel(words: Words, chosen: FiguresAsked, sums: Sums, panel: Panel) -> PanelView:
    period = chosen.period
    return PanelView(
        panel,
        tuple(_figure(words, chosen, sums, each) for each in panel.figures),
        tuple(
            FigureStep(step_word(words, period, step), tuple(_values(words, sums, panel, step)))
            for step in period.steps
        ),
    )


def _compares(chosen: FiguresAsked, sums: Sums) -> bool:
    """Whether the club was there when what it is compared with began."""
    return sums.has_begun_by(chosen.period.before.first)


def _figure(words: Words, chosen: FiguresAsked, sums: Sums, figure: Definition) -> FigureView:
    period = chosen.period
    now, before = (sums.value(figure, span) for span in (period.whole, period.before))
    if not _compares(chosen, sums):
        before = None
    return FigureView(
        figure,
        figure_words(words, figure),
        amount(words, figure, now),
        "" if before is None else amount(words, figure, before),
        move(words, figure, now, before),
        span_line(words, period.whole.earlier(figure.shift)) if figure.shift else "",
        points_otherwise(words, figure, now),
    )


def _values(
    words: Words, sums: Sums, panel: Panel, step: DaySpan
) -> Iterator[tuple[float | None, str]]:
    for figure in panel.figures:
        number = _number(words, sums, figure, step)
        yield number, amount(words, figure, sums.value(figure, step))


def _number(words: Words, sums: Sums, figure: Definition, step: DaySpan) -> float | None:
    value = sums.value(figure, step)
    return None if value is None else plain(words, figure, value)
