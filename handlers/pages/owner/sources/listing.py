"""All sources with what they brought and cost, and the same as a file."""

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.figures import keeping
from bot.store.members import sources
from handlers.showing.tables import Cell
from rules.explaining.cost_words import (
    SourceValue,
    plain_value,
    value_name,
    value_said,
    values_told,
)
from rules.explaining.figure_words import span_line
from rules.figures.sources import EARLY_DAYS, SourceResult
from rules.wording.words import Words

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import manager_page
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import period_select, store_names
from ..frame.files import table_file
from .results import SourceRow, SourceRows, period_asked, rows_of, store_seen

layout.place(67, "owner.sources")

#: What stands in the columns of the list; all else is on a source's own page.
_COLUMNS: tuple[SourceValue, ...] = (
    "joined", "second", "stays", "cost", "per_member", "per_visit", "sales_per_yen",
)  # fmt: skip


def kind_text(kind: str) -> str:
    return f"owner.sources.kind.{kind}"


def way_text(way: str) -> str:
    """The text of how somebody joined without a source."""
    return f"owner.sources.way.{way}"


def means_text(value: str) -> str:
    """The text of what a column counts."""
    return f"owner.sources.means.{value}"


@pages.get("/sources", endpoint="sources")
@manager_page
def show_sources() -> ResponseReturnValue:
    words = words_now()
    with current_club().store.read() as uow:
        found = _rows(uow)
        is_behind = keeping.is_behind(uow)
    of = found.period
    return layout.page(
        "sources",
        of=of,
        selects=(period_select(of),),
        kind_text=kind_text,
        way_text=way_text,
        means_text=means_text,
        span=span_line(words, of.whole),
        before=span_line(words, of.before) if _compares(found) else "",
        columns=[(each, value_name(words, each)) for each in _columns(words)],
        rows=found,
        said=said,
        store_names=store_names(),
        days=EARLY_DAYS,
        young=sum(each.now.young for each in (*found.named, *found.unnamed)),
        is_behind=is_behind,
        done=forms.done_line("owner.sources.done"),
    )


@pages.get("/sources/table.csv", endpoint="sources_file")
@manager_page
def sources_file() -> ResponseReturnValue:
    """A row for each source, a column for each figure."""
    words = words_now()
    with current_club().store.read() as uow:
        found = _rows(uow)
    told, stores = values_told(words), store_names()
    heads = (words.say(f"owner.sources.{each}") for each in ("name", "kind_of", "store", "code"))
    head = [*heads, *(value_name(words, each) for each in told)]
    rows: list[list[Cell]] = []
    for row in (*found.named, *found.unnamed):
        source = row.source
        if source is not None:
            who = (
                source.name, words.say(kind_text(source.kind)),
                stores.get(source.store or "", source.store or ""), source.code,
            )  # fmt: skip
        else:
            who = (words.say(way_text(row.way or "line")), "", "", "")
        rows.append([*who, *(plain_value(row.now, each) for each in told)])
    return table_file(f"sources-{found.period.name}", head, rows)


def said(result: SourceResult, value: SourceValue) -> str:
    """A figure of a source, in the reader's words."""
    return value_said(words_now(), result, value)


def _rows(uow: UnitOfWork) -> SourceRows:
    return rows_of(uow, period_asked(), sources.every(uow, store=store_seen()))


def _columns(words: Words) -> list[SourceValue]:
    told = values_told(words)
    return [each for each in _COLUMNS if each in told]


def _compares(found: SourceRows) -> bool:
    rows: tuple[SourceRow, ...] = (*found.named, *found.unnamed)
    return any(each.before is not None for each in rows)
