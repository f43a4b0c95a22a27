"""What members suggest (`/owner/voice/suggestions`): each with who suggested it and what it stands
at, put together where several mean the same, and decided on; and what was said to the staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests
from bot.store.heard import suggestions
from bot.store.heard.suggestions import StoredSuggestion, SuggestedLetter, SuggestionLine
from bot.store.members import members
from handlers.actions.heard.suggesting import (
    HeardSuggestion,
    SuggestionDecision,
    decide_suggestion,
    hear_suggestion,
    join_suggestion,
    part_letter,
)
from handlers.actions.recording.outcome import Acknowledgement
from rules.characters import whole_number
from rules.heard.suggestions import STATES, TITLE_MAX, WORD_MAX, SuggestionState
from rules.wording.names import formal

from ...current import current_club
from ...staff.frame.access import language, manager_page, owner_page, signed
from ...staff.frame.forms import back_to, done_line, form_work, new_key, problem_line
from ...staff.frame.layout import not_found, when, words
from ...staff.frame.looks import note_look
from ...staff.frame.words import refusal_line
from ...staff.inbox.listing import glimpse
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import is_only_store
from .asked import page_asked

layout.place(69, "owner.suggestions")

PAGE, LETTERS_MAX, _KNOWN_MAX = 50, 200, 100
#: What one still has to decide on is shown first.
_OPEN: tuple[SuggestionState, ...] = ("received", "considered")


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One in the list."""

    id: int
    title: str
    state: SuggestionState
    letters: int
    at: str
    word: str
    is_shown: bool
    is_telling: bool


@dataclass(frozen=True, slots=True)
class SuggestionLetterRow:
    """One of the letters that make it, and whether its writer was told."""

    id: int
    name: str
    card: str
    case: int
    words: str
    at: str
    told: str


@pages.get("/voice/suggestions", endpoint="suggestions")
@manager_page
def show_suggestions() -> ResponseReturnValue:
    wanted, number = request.args.get("state", ""), page_asked()
    shown = tuple(each for each in STATES if each == wanted) or _OPEN
    with current_club().store.read() as uow:
        found = suggestions.listed(
            uow, shown, skip=number * PAGE, limit=PAGE + 1, store=_only_store()
        )
        known = suggestions.listed(uow, _OPEN, limit=_KNOWN_MAX, store=_only_store())
        counts = suggestions.counts(uow) if _only_store() is None else {}
    return layout.page(
        "suggestions",
        rows=[_row(each) for each in found[:PAGE]],
        more=number + 1 if len(found) > PAGE else None,
        state=wanted if wanted in STATES else "",
        states=STATES,
        counts=counts,
        known=[(each.suggestion.id, _title(each)) for each in known],
        state_word=state_word,
        word_max=WORD_MAX,
        key=new_key(),
        done=done_line("owner.suggestions.done"),
        problem=problem_line(),
    )


@pages.post("/voice/suggestions", endpoint="hear_suggestion")
@manager_page
def heard_at_counter() -> ResponseReturnValue:
    """What a member said to the staff, by the number of their card."""
    card = whole_number(request.form.get("card", "").replace(" ", "").replace("-", ""), 10)
    with form_work() as work:
        member = members.by_code(work.uow, "number", str(card or ""))
        if member is None:
            return back_to("owner.suggestions", "no_such_card", "")
        into, only = _into(), _only_store()
        if into and only and not suggestions.is_of_store(work.uow, into, only):
            # What they may not read is none of theirs to add to, and so to read.
            return back_to("owner.suggestions", "suggestion_gone", "")
        keeper = members.keeper(work.uow, member)
        heard = HeardSuggestion(keeper, _typed("words", WORD_MAX), into)
        outcome = hear_suggestion(work, heard)
    return back_to("owner.suggestions", outcome.refused, "heard")


@pages.get("/voice/suggestions/<int:suggestion_id>", endpoint="suggestion")
@manager_page
def show_suggestion(suggestion_id: int) -> ResponseReturnValue:
    return _page(suggestion_id, None, problem_line())


@pages.post("/voice/suggestions/<int:suggestion_id>", endpoint="decide_suggestion")
@owner_page
def decide(suggestion_id: int) -> ResponseReturnValue:
    """What was refused stays typed."""
    form = request.form
    chosen = form.get("state")
    state: SuggestionState = next((each for each in STATES if each == chosen), "received")
    decision = SuggestionDecision(
        seen=whole_number(form.get("seen", ""), 9) or 0,
        state=state,
        title=_typed("title", TITLE_MAX),
        word=_typed("word", WORD_MAX),
        tells=bool(form.get("tells")),
        is_shown=bool(form.get("shown")),
    )
    with form_work() as work:
        outcome = decide_suggestion(work, suggestion_id, decision)
    if outcome.refused:
        return _page(suggestion_id, decision, refusal_line(outcome.refused), status=409)
    return _back(suggestion_id, outcome, "decided")


@pages.post("/voice/suggestions/<int:suggestion_id>/join", endpoint="join_suggestion")
@owner_page
def join(suggestion_id: int) -> ResponseReturnValue:
    into, seen = _into() or 0, whole_number(request.form.get("seen", ""), 9) or 0
    with form_work() as work:
        outcome = join_suggestion(work, suggestion_id, into=into, seen=seen)
    return _back(into if outcome.done else suggestion_id, outcome, "joined")


@pages.post(
    "/voice/suggestions/<int:suggestion_id>/part/<int:letter_id>", endpoint="part_suggestion"
)
@owner_page
def part(suggestion_id: int, letter_id: int) -> ResponseReturnValue:
    with form_work() as work:
        outcome = part_letter(work, suggestion_id, letter_id)
    return _back(suggestion_id, outcome, "parted")


def _back(suggestion_id: int, outcome: Acknowledgement, done: str) -> ResponseReturnValue:
    return back_to("owner.suggestion", outcome.refused, done, suggestion_id=suggestion_id)


def _typed(name: str, most: int) -> str:
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n")[: most + 1]


def _into() -> int | None:
    return whole_number(request.form.get("into", ""), 15)


def _only_store() -> str | None:
    """Whose suggestions the reader may see: a manager those of their store."""
    someone = signed()
    if someone.everywhere or is_only_store(someone.desk.store):
        return None
    return someone.desk.store


def _page(
    suggestion_id: int, typed: SuggestionDecision | None, problem: str, *, status: int = 200
) -> ResponseReturnValue:
    only = _only_store()
    with current_club().store.read() as uow:
        its = suggestions.get(uow, suggestion_id)
        if its is None or (only and not suggestions.is_of_store(uow, suggestion_id, only)):
            not_found()
        wrote = suggestions.letters(uow, suggestion_id, limit=LETTERS_MAX)
        rows = list(_letters(uow, its, wrote))
        others = [
            (each.suggestion.id, _title(each))
            for each in suggestions.listed(uow, _OPEN, limit=_KNOWN_MAX)
            if each.suggestion.id != its.id
        ]
    note_look(signed().desk, "letters_seen")
    return layout.page(
        "suggestion",
        status=status,
        its=its,
        name=its.title or (glimpse(wrote[0].text) if wrote else words("owner.suggestions.gone")),
        typed=typed or _as_it_is(its),
        rows=rows,
        people=len({each.member_id for each in wrote}),
        others=others,
        **_around(problem),
    )


def _around(problem: str) -> dict[str, Any]:
    return {
        "states": STATES,
        "state_word": state_word,
        "title_max": TITLE_MAX,
        "word_max": WORD_MAX,
        "new_key": new_key,
        "done": done_line("owner.suggestions.done"),
        "problem": problem,
    }


def _as_it_is(its: StoredSuggestion) -> SuggestionDecision:
    return SuggestionDecision(its.moved, its.state, its.title, its.word, its.tells, its.is_shown)


def state_word(state: SuggestionState) -> str:
    return words(f"staff.inbox.suggestion.{state}")


def _title(line: SuggestionLine) -> str:
    named = line.suggestion.title or glimpse(line.first)
    return named or words("owner.suggestions.gone")


def _row(line: SuggestionLine) -> SuggestionRow:
    its = line.suggestion
    return SuggestionRow(
        its.id,
        _title(line),
        its.state,
        line.letters,
        when(its.state_at),
        its.word,
        its.is_shown,
        its.is_telling,
    )


def _letters(
    uow: UnitOfWork, its: StoredSuggestion, wrote: Sequence[SuggestedLetter]
) -> Iterator[SuggestionLetterRow]:
    people = guests.named(uow, {each.member_id for each in wrote})
    for each in wrote:
        who = people.get(each.member_id)
        if who is None:
            continue
        yield SuggestionLetterRow(
            each.id,
            formal(who.name, language()),
            who.number,
            each.case_number or 0,
            each.text,
            when(each.at),
            words(f"owner.suggestions.told.{_told(its, each)}"),
        )


def _told(its: StoredSuggestion, letter: SuggestedLetter) -> str:
    if its.state == "received":
        return "nothing"
    if letter.told != its.state:
        return "soon"
    if letter.to_call:
        return "by_phone"
    return "told" if its.tells else "seen"
