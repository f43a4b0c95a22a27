"""Taking out what this club knows, in files that other systems, and this one, can read."""

from flask.typing import ResponseReturnValue

from handlers.actions.recording.log import note
from handlers.showing.taken_out import COLUMNS, heading, rows

from ...current import current_club
from ...staff.frame.access import owner_page, signed_work
from ...staff.frame.layout import not_found
from ...staff.frame.words import words_now
from ..frame.blueprint import pages
from ..frame.files import table_file


@pages.get("/export/<kind>.csv", endpoint="export")
@owner_page
def take_out(kind: str) -> ResponseReturnValue:
    """Everybody's, made as it is fetched: no copy of it lies anywhere."""
    wanted = next((each for each in COLUMNS if each == kind), None)
    if wanted is None:
        not_found()
    words = words_now()
    with signed_work() as work:
        note(work, "taken_out", what=wanted)
    return table_file(wanted, heading(words, wanted), rows(current_club().store, words, wanted))
