"""Which rewards are used and which badges earned, between which ranks members move, and for how
long they have been members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Response, abort
from flask.typing import ResponseReturnValue

from bot.store.figures import sheets
from bot.store.figures.reading import Behind
from rules.characters import whole_number
from rules.explaining.figure_words import span_line
from rules.figures.definitions import figure
from rules.figures.items import (
    ITEM_SHEET,
    TENURE_DAYS,
    TENURE_SHEET,
    ItemKind,
    item_figure,
)
from rules.figures.life import NO_RANK
from rules.figures.periods import DaySpan
from rules.figures.sums import ALL
from rules.figures.tenure import Tenure, joined_between, tenure

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.choices import AskedSelect
from ..frame.files import table_file
from .asked import FiguresAsked, asked
from .people import PeopleShown, people_page, place_of_address, rank_names
from .sheets import sheet_page, store_select, today

_KINDS: tuple[ItemKind, ...] = ("reward", "badge")
#: Before anything was kept.
_EVER = date(2000, 1, 2)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A reward or a badge: how often in the period, and in the days before it."""

    id: str
    name: str
    now: int
    before: int
    #: Beside the most frequent, in percent.
    size: float


@dataclass(frozen=True, slots=True)
class RankRow:
    """How often members rose and fell to a rank."""

    id: str
    name: str
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class TenureRow:
    """Who has been a member for so long."""

    band: int
    name: str
    count: int
    share: float


def kind_text(what: str, kind: str) -> str:
    """The text of `what` of rewards or of badges."""
    return f"owner.sheets.kinds.{what}_{kind}"


@pages.get("/figures/kinds", endpoint="figure_kinds")
@manager_page
def show_kinds() -> ResponseReturnValue:
    chosen, store = asked(), store_select()
    items = {kind: _items(chosen, store, kind) for kind in _kinds(store)}
    stands = _tenure(store)
    words = words_now()
    return sheet_page(
        "figure_kinds",
        (chosen.days_select, store),
        span=span_line(words, chosen.period.whole),
        before=span_line(words, chosen.period.before),
        items=items,
        kind_text=kind_text,
        ranks=_ranks(chosen) if not store.chosen else [],
        no_rank=NO_RANK,
        period=chosen.period.name,
        tenure=_tenure_rows(stands),
        average=None if stands.average is None else round(stands.average),
    )


@pages.get("/figures/kinds.csv", endpoint="figure_kinds_file")
@manager_page
def kinds_file() -> Response:
    """A row for each reward and badge."""
    words, chosen, store = words_now(), asked(), store_select()
    names = ("kind", "item", "now", "before")
    head = [words.say(column_text(each)) for each in names]
    rows: list[list[str | float]] = [
        [words.say(kind_text("name", kind)), row.name, row.now, row.before]
        for kind in _kinds(store)
        for row in _items(chosen, store, kind)
    ]
    args = [chosen.period.name, store.chosen]
    return table_file("-".join(filter(None, ["kinds", *args])), head, rows)


def column_text(column: str) -> str:
    """The text that heads a column of the file."""
    return f"owner.sheets.kinds.column.{column}"


@pages.get("/figures/kinds/<kind>/<item>", endpoint="figure_item")
@manager_page
def show_item(kind: str, item: str) -> ResponseReturnValue:
    """Those who used a reward, or earned a badge, in the period: each once, by the last time."""
    store, chosen, words = store_select(), asked(), words_now()
    which = next((each for each in _kinds(store) if each == kind), None)
    if which is None:
        abort(404)
    args = {"period": chosen.period.name, "store": store.chosen}
    whole = chosen.period.whole
    return people_page(
        Behind(item_figure(which, item), store.chosen, "", whole.first, place_of_address()),
        PeopleShown(
            _names(which).get(item, item),
            words.say(kind_text("people", which)),
            f"{span_line(words, whole)} {words.say('owner.figures.people_how')}",
            ("owner.figure_kinds", args),
            ("owner.figure_item", {"kind": kind, "item": item, **args}),
        ),
    )


@pages.get("/figures/days/<n>", endpoint="figure_days")
@manager_page
def show_days(n: str) -> ResponseReturnValue:
    """Those who have been members for so long, who joined last first."""
    band, store, words = whole_number(n, 1), store_select(), words_now()
    if band is None or band >= len(TENURE_DAYS):
        abort(404)
    first, last = joined_between(band, today())
    return people_page(
        Behind(
            "joined", store.chosen, "", first or _EVER, place_of_address(), last=last, is_here=True
        ),
        PeopleShown(
            _band_name(band),
            words.say("owner.sheets.kinds.people_days"),
            words.say("owner.sheets.people_how"),
            ("owner.figure_kinds", {"store": store.chosen}),
            ("owner.figure_days", {"n": n, "store": store.chosen}),
            day="owner.sheets.cohorts.day_joined",
            has_rank=False,
        ),
    )


def _kinds(store: AskedSelect) -> tuple[ItemKind, ...]:
    """A badge is earned at no store."""
    return _KINDS if not store.chosen else _KINDS[:1]


def _names(kind: ItemKind) -> dict[str, str]:
    """What each is called, of those that the programme has."""
    programme, lang = current_programme(), language()
    if kind == "badge":
        return {each.id: f"{each.icon} {each.name.in_(lang)}" for each in programme.badges}
    return {each.id: each.name.in_(lang) for each in programme.rewards}


def _items(chosen: FiguresAsked, store: AskedSelect, kind: ItemKind) -> list[ItemRow]:
    """Those of the programme and all others that there were, the most frequent first."""
    now, before = (
        _counts(span, store, kind) for span in (chosen.period.whole, chosen.period.before)
    )
    names = _names(kind)
    ids = [*names, *sorted({*now, *before} - {*names})]
    most = max(now.values(), default=0) or 1
    rows = [
        ItemRow(
            each, names.get(each, each), now.get(each, 0), before.get(each, 0),
            100 * now.get(each, 0) / most,
        )
        for each in ids
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row.now)


def _counts(span: DaySpan, store: AskedSelect, kind: ItemKind) -> dict[str, int]:
    with current_club().store.read() as uow:
        kept = sheets.summed(uow, ITEM_SHEET, span, store=store.chosen)
    head = item_figure(kind, "")
    return {name.removeprefix(head): n for name, n in kept.items() if name.startswith(head) and n}


def _ranks(chosen: FiguresAsked) -> list[RankRow]:
    """Of each rank, the highest first."""
    names = rank_names()
    if not names:
        return []
    with current_club().store.read() as uow:
        kept = sheets.by_rank(uow, _moves(), chosen.period.whole, store=ALL)
    ids: Iterable[str] = [*reversed(names), NO_RANK]
    none = words_now().say("owner.figures.no_rank")
    return [
        RankRow(each, names.get(each, none), kept.get(("up", each), 0), kept.get(("down", each), 0))
        for each in ids
    ]


def _moves() -> list[str]:
    found = (figure("up"), figure("down"))
    return [each.top.kept for each in found if each is not None]


def _tenure(store: AskedSelect) -> Tenure:
    day = today()
    with current_club().store.read() as uow:
        span = DaySpan(_EVER, day)
        kept = sheets.summed(uow, TENURE_SHEET, span, store=store.chosen)
    return tenure(kept.items(), day)


def _tenure_rows(stands: Tenure) -> list[TenureRow]:
    if not stands.members:
        return []
    return [
        TenureRow(band, _band_name(band), count, 100 * count / stands.members)
        for band, count in enumerate(stands.bands)
    ]


def _band_name(band: int) -> str:
    words, low = words_now(), TENURE_DAYS[band]
    if band + 1 == len(TENURE_DAYS):
        return words.say("owner.sheets.kinds.days_or_more", count=low)
    high = TENURE_DAYS[band + 1]
    if not low:
        return words.say("owner.sheets.kinds.days_below", count=high)
    return words.say("owner.sheets.kinds.days_from_to", low=low, high=high - 1)
