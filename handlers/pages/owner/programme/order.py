"""The order of the programme's parts, as members read them: one place up or down at a time."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.history.drafts import ProgrammeDraft
from handlers.actions.programme.drafting import move_part
from rules.characters import whole_number
from rules.editing.parts import Part

from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found
from ..frame.blueprint import pages

#: The lists whose order members see. Ranks stand by what they ask; journeys go by priority.
ORDERED = frozenset(("earning", "campaigns", "rewards", "badges", "streaks", "stores"))


@pages.post("/programme/order/<section>", endpoint="move")
@owner_page
def move(section: str) -> ResponseReturnValue:
    """`move` in the form says what and whence: `visit:1:up`."""
    entry, place, way = (*request.form.get("move", "").split(":"), "", "", "")[:3]
    at = whole_number(place, 3)
    if section not in ORDERED or at is None:
        not_found()
    with forms.form_work() as work:
        done = move_part(work, Part(section, entry), place=at, up=way == "up")
    said = "" if isinstance(done, ProgrammeDraft) else "stuck"
    return redirect(
        url_for(
            "owner.programme",
            order=section,
            moved=f"{entry}:{way}",
            done=said or None,
            _anchor=section,
        ),
        303,
    )
