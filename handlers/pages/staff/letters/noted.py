"""The letters that were noted lately, below the pages that note them, and taking one back."""

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.heard.contacts import Posting
from bot.store.staff import staff
from handlers.actions.heard.letters import posted_lately, take_letters_back
from handlers.actions.recording.work import Work
from rules.explaining.explain_letters import letter_name

from ...current import current_club
from ..frame import layout
from ..frame.access import language, owner_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work, new_key

_SEALED_FOR = "noted letters"


@dataclass(frozen=True, slots=True)
class NotedLetter:
    """A letter that was noted in one go. `sealed`: which, as its form sends it along; `key` is the
    form's own."""

    name: str
    line: str
    sealed: str
    key: str


def noted_letters(work: Work, *, of_rounds: bool) -> list[NotedLetter]:
    """The last ones: of the programme's rounds, or of labels."""
    people = staff.names(work.uow)
    mine = [each for each in posted_lately(work) if (each.letter is not None) == of_rounds]
    return list(starmap(_shown, ((each, people) for each in mine)))


def _shown(each: Posting, people: dict[int, str]) -> NotedLetter:
    name = letter_name(language(), each.letter) if each.letter else each.text
    told = (
        layout.when(each.at),
        people.get(each.staff_id or 0, ""),
        layout.words("staff.letters.count", count=each.count),
    )
    said = f"{each.at.isoformat()} {each.text}"
    sealed = current_club().codes.seal(_SEALED_FOR, said)
    return NotedLetter(name, " · ".join(filter(None, told)), sealed, new_key())


@pages.post("/letters/back")
@owner_page
def letters_back() -> ResponseReturnValue:
    """The letter didn't go: takes the note of it back, with everybody it was noted with."""
    said = current_club().codes.unseal(_SEALED_FOR, request.form.get("noted", ""))
    if said is None:
        layout.not_found()
    at, _, name = said.partition(" ")
    with form_work() as work:
        outcome = take_letters_back(work, datetime.fromisoformat(at), name)
    page = "staff.labels" if request.form.get("page") == "labels" else "staff.letters"
    return back_to(page, outcome.refused, "back")
