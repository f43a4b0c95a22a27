"""The core: who makes half of all visits, or of all that is spent, and who brings others."""

from dataclasses import dataclass

from flask import Response
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.figures import friends, sheets
from bot.store.figures.sheets import StandingAsked, StandingPlace
from rules.figures.core import (
    CORE,
    CORE_BY,
    CORE_SHARES,
    CoreBy,
    CoreGroup,
    core_of_visits,
    core_of_yen,
)
from rules.figures.standing import CORE_SHEET, band_end

from ...current import current_club
from ...staff.frame.access import manager_page, signed
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.choices import AskedChoice, AskedSelect
from ..frame.files import table_file
from ..frame.money import has_money
from .sheets import select_of, sheet_page, store_select
from .standing import StandingLine, lines_of, standing_lines, standing_place

#: So many of those who brought others are named.
_BROUGHT = 10
#: So many of the best stand on a page.
_BEST = 25
#: And of the first page, so that who brings others isn't far below.
_BEST_FIRST = 10
#: So many rows has a file at most.
_FILE = 10_000


@dataclass(frozen=True, slots=True)
class CoreRow:
    """A group as it is shown."""

    group: CoreGroup
    #: Of all, in percent.
    of_people: float
    is_core: bool


def core_text(what: str, by: str) -> str:
    """The text of `what`, by what people are worth."""
    return f"owner.sheets.core.{what}_{by}"


@pages.get("/figures/core", endpoint="figure_core")
@manager_page
def show_core() -> ResponseReturnValue:
    by, store = _by(), store_select()
    kind = _kind(by)
    after = standing_place(kind)
    with current_club().store.read() as uow:
        groups = _groups(uow, kind, store.chosen)
        core = next(each for each in groups if each.share == CORE)
        lines, more = lines_of(
            uow, _best(store.chosen, kind, after), limit=_BEST if after else _BEST_FIRST
        )
        brought = _brought(uow, store.chosen) if after is None else []
    note_look(signed().desk, "figure_seen")
    return sheet_page(
        "core",
        (by, store),
        by=kind,
        core_text=core_text,
        core=core,
        rows=[_row(each) for each in groups],
        lines=lines,
        brought=brought,
        has_money=has_money(),
        more={"by": by.chosen, "store": store.chosen, **more} if more else {},
        is_first=after is None,
    )


@pages.get("/figures/core.csv", endpoint="figure_core_file")
@manager_page
def core_file() -> Response:
    """A row for each of the core, by the card's number alone."""
    words, by, store = words_now(), _by(), store_select()
    kind = _kind(by)
    with current_club().store.read() as uow:
        groups = _groups(uow, kind, store.chosen)
        core = next(each for each in groups if each.share == CORE)
        asked = _best(store.chosen, kind)
        found = sheets.standing(uow, asked, limit=min(core.people, _FILE)) if core.people else []
        # All at once: a statement that names each of so many takes longer than to read them.
        brought = dict(friends.who_brought(uow, store=store.chosen))
    note_look(signed().desk, "figure_seen")
    names = ("number", "rank", "last", "visits", "yen", "friends", "again")
    head = [words.say(f"owner.sheets.core.column.{each}") for each in names]
    nobody = friends.FriendsBrought(0, 0)
    rows = (
        (each.number, each.rank, each.last_on.isoformat(), each.visits, each.yen,
         did.friends, did.again)
        for each in found
        for did in [brought.get(each.member_id, nobody)]
    )  # fmt: skip
    return table_file("-".join(["core", kind, *filter(None, [store.chosen])]), head, rows)


def _by() -> AskedSelect:
    words = words_now()
    kinds = CORE_BY if has_money() else CORE_BY[:1]
    return select_of(
        "by",
        "owner.sheets.core.by",
        [AskedChoice(e, words.say(core_text("by", e))) for e in kinds],
    )


def _kind(by: AskedSelect) -> CoreBy:
    return next(each for each in CORE_BY if each == by.chosen)


def _best(store: str, kind: CoreBy, after: StandingPlace | None = None) -> StandingAsked:
    """Who makes anything of it, the best first."""
    if kind == "visits":
        return StandingAsked(store, kind, visits=(1, None), after=after)
    return StandingAsked(store, kind, yen=(1, None), after=after)


def _groups(uow: UnitOfWork, kind: CoreBy, store: str) -> list[CoreGroup]:
    kept = sheets.of_today(uow, CORE_SHEET, store=store)

    def spent(band: int) -> list[int]:
        return sheets.spent(uow, store, band, band_end(band))

    if kind == "visits":
        return [core_of_visits(kept, share) for share in CORE_SHARES]
    return [core_of_yen(kept, share, spent) for share in CORE_SHARES]


def _row(group: CoreGroup) -> CoreRow:
    of_people = 100 * group.people / group.of_people if group.of_people else 0
    return CoreRow(group, of_people, group.share == CORE)


def _brought(uow: UnitOfWork, store: str) -> list[StandingLine]:
    """Those who brought others, who brought the most that came again first."""
    ids = [each for each, _ in friends.who_brought(uow, store=store)[:_BROUGHT]]
    if not ids:
        return []
    asked = StandingAsked(store, "last_on", ids=ids)
    found = {each.member_id: each for each in sheets.standing(uow, asked, limit=_BROUGHT)}
    return standing_lines(uow, [found[each] for each in ids if each in found])
