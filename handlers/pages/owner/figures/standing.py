"""People by how they stand: when they last came, and how often and for how much in the year, a page
at a time."""

from dataclasses import dataclass
from datetime import date

from flask import request

from bot.store import UnitOfWork
from bot.store.figures import friends, sheets
from bot.store.figures.sheets import StandingAsked, StandingOrder, StandingPlace, Stands
from rules.characters import spaced_number, whole_number
from rules.wording.names import formal
from rules.wording.texts import long_date

from ...staff.frame.access import language
from ...staff.frame.words import words_now
from ..frame.absence import absence_mark
from .people import rank_names

#: So many stand on a page.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class StandingLine:
    """Somebody in the list; each text is empty where there is nothing to say."""

    number: str
    spaced: str
    name: str
    rank: str
    #: How they stay away; empty for who doesn't.
    absence: str
    last: str
    visits: int
    yen: str
    friends: str


def yen_word(yen: int) -> str:
    return words_now().say("owner.figures.unit.yen", count=f"{yen:,}")


def standing_place(order: StandingOrder) -> StandingPlace | None:
    """Where the page before ended, as the address tells it; None for the first page, and for what
    is no place."""
    value, after = request.args.get("value", ""), whole_number(request.args.get("after", ""), 15)
    if after is None:
        return None
    if order != "last_on":
        known = whole_number(value, 9 if order == "visits" else 15)
        return None if known is None else (known, after)
    try:
        return date.fromisoformat(value), after
    except ValueError:
        return None


def lines_of(
    uow: UnitOfWork, asked: StandingAsked, *, limit: int = SHOWN
) -> tuple[list[StandingLine], dict[str, str]]:
    """A page of them, and how an address says where the next one begins; empty at the end."""
    found = sheets.standing(uow, asked, limit=limit + 1)
    lines = standing_lines(uow, found[:limit])
    if len(found) <= limit:
        return lines, {}
    last = found[limit - 1]
    return lines, {"value": str(last.value(asked.order)), "after": str(last.member_id)}


def standing_lines(uow: UnitOfWork, found: list[Stands]) -> list[StandingLine]:
    """These people, in that order."""
    words, lang, ladder = words_now(), language(), rank_names()
    brought = friends.brought_by(uow, [each.member_id for each in found])
    lines = []
    for each in found:
        did = brought.get(each.member_id)
        said = "" if did is None else words.say(
            "owner.sheets.standing.brought", count=did.friends, again=did.again
        )  # fmt: skip
        lines.append(
            StandingLine(
                each.number, spaced_number(each.number), formal(each.name, lang),
                ladder.get(each.rank, ""), absence_mark(each.risk), long_date(lang, each.last_on),
                each.visits, yen_word(each.yen), said,
            )
        )  # fmt: skip
    return lines
