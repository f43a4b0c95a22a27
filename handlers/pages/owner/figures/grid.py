"""The grid: members by when they last came, how often they came in a year, and what they spent."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, abort
from flask.typing import ResponseReturnValue

from bot.store.figures import sheets
from bot.store.figures.sheets import StandingAsked
from rules.characters import whole_number
from rules.figures.grid import FREQUENCIES, MONEY_PARTS, RECENCIES, Grid, GridCell, MoneyPart
from rules.figures.standing import FREQUENCY, GRID_SHEET, RECENCY_DAYS
from rules.wording.texts import long_date

from ...current import current_club
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import AskedChoice, AskedSelect
from ..frame.files import table_file
from ..frame.money import has_money
from .sheets import recency_span, select_of, sheet_page, store_select
from .standing import lines_of, standing_place, yen_word

#: From which share of all on a cell is darker.
_SHADES = (0.0001, 0.02, 0.06, 0.12, 0.2)


@dataclass(frozen=True, slots=True)
class GridView:
    """A cell as it is shown: whether anybody can stand there, who does, what each spent."""

    can_be: bool
    people: int
    each: str
    shade: int


def recency_name(band: int) -> str:
    """In words, when somebody last came."""
    if band == 0:
        return words_now().say("owner.sheets.grid.within", count=RECENCY_DAYS[0])
    if band < len(RECENCY_DAYS):
        low, high = RECENCY_DAYS[band - 1], RECENCY_DAYS[band] - 1
        return words_now().say("owner.sheets.grid.ago", low=low, high=high)
    return words_now().say("owner.sheets.grid.longer", count=RECENCY_DAYS[-1])


def frequency_name(band: int) -> str:
    """In words, how often they came in the year."""
    low = FREQUENCY[band]
    high = FREQUENCY[band + 1] - 1 if band + 1 < len(FREQUENCY) else None
    if high is None:
        return words_now().say("owner.sheets.grid.or_more", count=low)
    if high == low:
        return words_now().say("owner.figures.unit.times", count=low)
    return words_now().say("owner.sheets.grid.from_to", low=low, high=high)


@pages.get("/figures/grid", endpoint="figure_grid")
@manager_page
def show_grid() -> ResponseReturnValue:
    store = store_select()
    grid = _grid(store)
    money = _money(grid)
    part, all_of = _part(money), grid.people
    rows = [
        (
            recency,
            recency_name(recency),
            [_view(grid, recency, each, part, all_of) for each in FREQUENCIES],
            grid.row(recency, part).people,
        )
        for recency in RECENCIES
    ]
    return sheet_page(
        "grid",
        (store, money),
        rows=rows,
        heads=[frequency_name(each) for each in FREQUENCIES],
        people=all_of,
        has_money=grid.cuts is not None,
        recency_days=RECENCY_DAYS,
    )


@pages.get("/figures/grid.csv", endpoint="figure_grid_file")
@manager_page
def grid_file() -> Response:
    """A row for each cell."""
    words, store = words_now(), store_select()
    grid = _grid(store)
    names = ("recency", "frequency", "money", "people", "yen")
    head = [words.say(f"owner.sheets.grid.column.{each}") for each in names]
    parts = list(_parts(grid))
    rows = (
        (recency_name(recency), frequency_name(frequency), name, cell.people, cell.yen)
        for recency in RECENCIES
        for frequency in FREQUENCIES
        for part, name in parts
        if (cell := grid.cell(recency, frequency, part)).people
    )
    return table_file("-".join(["grid", *filter(None, [store.chosen])]), head, rows)


@pages.get("/figures/grid/<recency>/<frequency>", endpoint="figure_cell")
@manager_page
def show_cell(recency: str, frequency: str) -> ResponseReturnValue:
    """Those who stand in a cell, who came last first."""
    place = whole_number(recency, 1), whole_number(frequency, 1)
    if place[0] not in RECENCIES or place[1] not in FREQUENCIES:
        abort(404)
    band, often = int(recency), int(frequency)
    store = store_select()
    grid = _grid(store)
    money = _money(grid)
    high = FREQUENCY[often + 1] if often + 1 < len(FREQUENCY) else None
    asked = StandingAsked(
        store.chosen, "last_on", recency_span(band), (FREQUENCY[often], high),
        grid.spans(_part(money)), standing_place("last_on"),
    )  # fmt: skip
    with current_club().store.read() as uow:
        lines, more = lines_of(uow, asked)
    note_look(signed().desk, "figure_seen")
    args = {"store": store.chosen, "money": money.chosen}
    first, last = asked.last_on
    lang = language()
    return layout.page(
        "figure_cell",
        title=f"{recency_name(band)} · {frequency_name(often)}",
        money=money.said if money.chosen != "all" else "",
        first=long_date(lang, first) if first else "",
        last=long_date(lang, last) if last else "",
        lines=lines,
        has_money=has_money(),
        args=args,
        more={"recency": recency, "frequency": frequency, **args, **more} if more else {},
        is_first=asked.after is None,
    )


def _grid(store: AskedSelect) -> Grid:
    with current_club().store.read() as uow:
        return Grid(sheets.of_today(uow, GRID_SHEET, store=store.chosen))


def _parts(grid: Grid) -> Iterator[tuple[MoneyPart, str]]:
    """The parts by money, each with its name; nothing but all where nobody bought."""
    words = words_now()
    for part in MONEY_PARTS[1:] if grid.cuts else ():
        low, high = grid.spans(part)
        if part == "none":
            yield part, words.say("owner.sheets.grid.nothing")
        elif high is None:
            yield part, words.say("owner.sheets.grid.yen_or_more", yen=yen_word(low))
        elif part == "low":
            yield part, words.say("owner.sheets.grid.yen_below", yen=yen_word(high))
        else:
            span = {"low": yen_word(low), "high": yen_word(high)}
            yield part, words.say("owner.sheets.grid.yen_from_to", **span)
    if not grid.cuts:
        yield "all", words.say("owner.sheets.grid.any")


def _money(grid: Grid) -> AskedSelect:
    choices = [AskedChoice("all", words_now().say("owner.sheets.grid.any"))]
    choices += [AskedChoice(part, name) for part, name in _parts(grid) if part != "all"]
    return select_of("money", "owner.sheets.grid.money", choices)


def _part(money: AskedSelect) -> MoneyPart:
    return next(each for each in MONEY_PARTS if each == money.chosen)


def _view(grid: Grid, recency: int, frequency: int, part: MoneyPart, all_of: int) -> GridView:
    cell: GridCell = grid.cell(recency, frequency, part)
    share = cell.people / all_of if all_of else 0
    each = yen_word(round(cell.yen / cell.people)) if cell.people and grid.cuts else ""
    # Who came in the year came within it, and who did not, did not.
    can_be = cell.people > 0 or ((recency == RECENCIES[-1]) == (frequency == 0))
    return GridView(can_be, cell.people, each, bisect_right(_SHADES, share))
