"""Engagement over time: how many came, tapped and wrote, as each night counted it."""

from dataclasses import asdict, dataclass

from flask import Response
from flask.typing import ResponseReturnValue

from bot.store.figures import acts
from bot.store.figures.acts import CountedActs
from rules.explaining.figure_words import span_line, step_word
from rules.figures.periods import DaySpan, Period
from rules.heard.engagement import ACTS_DAYS

from ...current import current_club
from ...staff.frame.access import owner_page
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.files import table_file
from .asked import asked
from .sheets import sheet_page

#: What the chart draws, and what else stands in its table.
_DRAWN = ("came", "tapped", "wrote")
_TOLD = (*_DRAWN, "silent", "members", "visits", "taps", "messages")


@dataclass(frozen=True, slots=True)
class ActsRow:
    """A night, or the last one of a month: what it counted, None where nobody did."""

    name: str
    values: tuple[int | None, ...]


def acts_text(what: str) -> str:
    """The text that names what was counted."""
    return f"owner.sheets.acts.told.{what}"


@pages.get("/figures/engagement", endpoint="figure_acts")
@owner_page
def show_acts() -> ResponseReturnValue:
    chosen, words = asked(with_today=True), words_now()
    found = _found(chosen.period)
    last = next((each for _, each in reversed(found) if each), None)
    return sheet_page(
        "acts",
        (chosen.days_select,),
        span=span_line(words, chosen.period.whole),
        days=ACTS_DAYS,
        told=_TOLD,
        drawn=len(_DRAWN),
        acts_text=acts_text,
        rows=[_row(step_word(words, chosen.period, step), each) for step, each in found],
        last=last,
        now=asdict(last.acts) if last else {},
    )


@pages.get("/figures/engagement.csv", endpoint="figure_acts_file")
@owner_page
def acts_file() -> Response:
    """A row for each night that counted."""
    words, chosen = words_now(), asked(with_today=True)
    head = [words.say("owner.figures.day"), *(words.say(acts_text(each)) for each in _TOLD)]
    with current_club().store.read() as uow:
        found = acts.between(uow, chosen.period.whole)
    rows: list[list[str | float]] = [
        [each.day.isoformat(), *(asdict(each.acts)[name] for name in _TOLD)] for each in found
    ]
    return table_file(f"engagement-{chosen.period.name}", head, rows)


def _found(period: Period) -> list[tuple[DaySpan, CountedActs | None]]:
    """Each step of the period with what its last night counted."""
    with current_club().store.read() as uow:
        nights = acts.between(uow, period.whole)
    return [
        (step, next((e for e in reversed(nights) if step.first <= e.day <= step.last), None))
        for step in period.steps
    ]


def _row(name: str, counted: CountedActs | None) -> ActsRow:
    if counted is None:
        return ActsRow(name, (None,) * len(_TOLD))
    values = asdict(counted.acts)
    return ActsRow(name, tuple(values[each] for each in _TOLD))
