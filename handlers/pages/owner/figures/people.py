"""The people behind a figure, the latest first, a page at a time."""

from dataclasses import dataclass
from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue

from bot.store.figures import reading
from bot.store.figures.reading import Behind, Place
from rules.characters import spaced_number, whole_number
from rules.explaining.figure_words import day_word, figure_words, span_line
from rules.figures.definitions import figure
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from .asked import asked

#: So many stand on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """What stands on a page of people, besides them."""

    title: str
    lead: str
    hint: str
    #: The page it belongs to, and the page itself: each an endpoint with what it is asked for.
    back: tuple[str, dict[str, str]]
    here: tuple[str, dict[str, str]]
    #: What the day is of, and whether the rank they held on it is told.
    day: str = "owner.figures.last"
    has_rank: bool = True


@pages.get("/figures/people/<name>", endpoint="figure_people")
@manager_page
def people(name: str) -> ResponseReturnValue:
    """Whom the figure counted in the period: each once, by the last day on which it did."""
    chosen, words, shown = asked(), words_now(), figure(name)
    if shown is None or shown.people is None or not chosen.tells(shown):
        abort(404)
    first = chosen.period.whole.earlier(shown.shift).first
    said = figure_words(words, shown)
    span = span_line(words, chosen.period.whole)
    return people_page(
        Behind(shown.people, chosen.store, chosen.rank, first, place_of_address()),
        PeopleShown(
            f"{said.name} {chosen.names}".strip(),
            said.means,
            f"{span} {words.say('owner.figures.people_how')}",
            ("owner.figures", chosen.args),
            ("owner.figure_people", {"name": name, **chosen.args}),
        ),
    )


def people_page(behind: Behind, page: PeopleShown) -> ResponseReturnValue:
    """Those people, the latest first; who looks at them stands in the log."""
    with current_club().store.read() as uow:
        found = reading.people(uow, behind, limit=PAGE + 1)
    note_look(signed().desk, "figure_seen")
    words, more = words_now(), None
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = {**page.here[1], "day": last.day.isoformat(), "after": str(last.member_id)}
    lang, ladder = language(), rank_names()
    rows = [
        (each, formal(each.name, lang), day_word(words, each.day), ladder.get(each.rank, ""))
        for each in found[:PAGE]
    ]
    return layout.page(
        "figure_people",
        page=page,
        spaced=spaced_number,
        people=rows,
        more=more,
        is_first=behind.after is None,
    )


def rank_names() -> dict[str, str]:
    """What each rank is called."""
    ranks, lang = current_programme().ranks, language()
    return {each.id: each.name.in_(lang) for each in ranks.steps} if ranks else {}


def place_of_address() -> Place | None:
    """Where the page before ended, as the address tells it; None for the first page, and for what
    is no place."""
    after = whole_number(request.args.get("after", ""), 15)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return (day, after) if after is not None else None
