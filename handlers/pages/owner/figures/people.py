"""The people behind a figure, the latest first, a page at a time."""

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


@pages.get("/figures/people/<name>", endpoint="figure_people")
@manager_page
def people(name: str) -> ResponseReturnValue:
    """Whom the figure counted in the period: each once, by the last day on which it did."""
    chosen, words, shown = asked(), words_now(), figure(name)
    if shown is None or shown.people is None or not chosen.tells(shown):
        abort(404)
    first = chosen.period.whole.earlier(shown.shift).first
    with current_club().store.read() as uow:
        behind = Behind(shown.people, chosen.store, chosen.rank, first, _place())
        found = reading.people(uow, behind, limit=PAGE + 1)
    note_look(signed().desk, "figure_seen")
    programme, more = current_programme(), None
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = {**chosen.args, "day": last.day.isoformat(), "after": str(last.member_id)}
    steps = programme.ranks.steps if programme.ranks else ()
    lang = language()
    ladder = {each.id: each.name.in_(lang) for each in steps}
    rows = [
        (each, formal(each.name, lang), day_word(words, each.day), ladder.get(each.rank, ""))
        for each in found[:PAGE]
    ]
    return layout.page(
        "figure_people",
        asked=chosen,
        figure=shown,
        words=figure_words(words, shown),
        spaced=spaced_number,
        span=span_line(words, chosen.period.whole),
        people=rows,
        more=more,
        is_first=_place() is None,
    )


def _place() -> Place | None:
    """Where the page before ended, as the address tells it; None for the first page, and for what
    is no place."""
    after = whole_number(request.args.get("after", ""), 15)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return (day, after) if after is not None else None
