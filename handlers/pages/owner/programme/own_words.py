"""Every text that members read, and a form that puts it into the shop's own words. What is kept is
part of the draft; what protects members is not offered here, nor taken by any other way."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.drafting import PartChange, change_part, with_change
from rules.base import LANGS, Refusal
from rules.checking.caution import Problem
from rules.checking.reading import InvalidProgramme, review
from rules.editing import labels, own_words, parts
from rules.editing.own_words import TextTable
from rules.editing.parts import Part
from rules.journeys.programme import WholeProgramme
from rules.wording.own.offered import PLACES, Place, offered, room_of

from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from .drafted import Drafted, drafted_now
from .own_words_look import TextLook, look_of

layout.place(15, "owner.words")


@dataclass(frozen=True, slots=True)
class TypedText:
    """What stands in the form of a text, and what is to be said of it."""

    values: Mapping[str, Any]
    wrong: tuple[Problem, ...] = ()
    refused: str = ""


@pages.get("/words", endpoint="words")
@owner_page
def open_words() -> ResponseReturnValue:
    """The texts of one place, or of all where some are searched for."""
    now, said = drafted_now(), request.args.get("q", "").strip()[:80]
    is_changed = request.args.get("only") == "own"
    place = _place()
    if place is None and not said and not is_changed:
        place = next(iter(PLACES))
    tables = list(own_words.listed(now.words, place=place, said=said))
    if is_changed:
        tables = _changed(tables)
    return layout.page(
        "words",
        tables=tables,
        drafted=now,
        met=place or "",
        meetings=[(each, _name(now, each)) for each in PLACES],
        said=said,
        searched=_searched(),
        is_changed=is_changed,
        done=forms.done_line("owner.done"),
    )


@pages.get("/words/<key>", endpoint="text")
@owner_page
def open_text(key: str) -> ResponseReturnValue:
    now = drafted_now()
    return _page(now, key, TypedText(_there(now, key) or {}))


@pages.post("/words/<key>", endpoint="save_text")
@owner_page
def save_text(key: str) -> ResponseReturnValue:
    """Keeps what is typed; what ours says just so goes out of the programme, as with `reset`."""
    now = drafted_now()
    _there(now, key)
    values = {} if "reset" in request.form else own_words.typed(key, request.form)
    with forms.form_work() as work:
        change = PartChange(Part(parts.OWN_WORDS, key), values or None, forms.field("seen", 32))
        done = change_part(work, change)
    if isinstance(done, InvalidProgramme):
        return _page(now, key, TypedText(values, done.problems))
    if isinstance(done, Refusal):
        return _page(now, key, TypedText(values, refused=refusal_line(done.code)))
    return redirect(_back(key, done="saved"), 303)


@pages.post("/words/<key>/look", endpoint="look_at_text")
@owner_page
def look_at_text(key: str) -> ResponseReturnValue:
    """The phone beside the form as of what is typed, and what is wrong with it; for the page's
    script."""
    now = drafted_now()
    _there(now, key)
    return _page(now, key, TypedText(own_words.typed(key, request.form)), template="text_look")


def _searched() -> dict[str, Any]:
    """What the list that leads here was searched by, to go back to it."""
    asked = {"q": request.args.get("q", "").strip()[:80], "only": request.args.get("only", "")}
    return {name: said for name, said in asked.items() if said}


def _back(key: str, **more: Any) -> str:
    """The list at the text: the one that was searched, else its place's."""
    searched = _searched() or {"place": offered()[key]}
    return url_for("owner.words", **searched, **more, _anchor=key)


def _place() -> Place | None:
    asked = request.args.get("place", "")
    return next((each for each in PLACES if each == asked), None)


def _name(now: Drafted, place: Place) -> str:
    return now.words.say(f"owner.words.place.{place}")


def _changed(tables: list[TextTable]) -> list[TextTable]:
    own = [(each.name, tuple(row for row in each.rows if row.is_own)) for each in tables]
    return [TextTable(name, rows) for name, rows in own if rows]


def _there(now: Drafted, key: str) -> Mapping[str, Any] | None:
    """What the draft has of the text; 404 for one that isn't offered."""
    if key not in offered():
        not_found()
    return parts.values_of(now.data, Part(parts.OWN_WORDS, key))


def _read(
    now: Drafted, part: Part, values: Mapping[str, Any] | None
) -> tuple[str, WholeProgramme | InvalidProgramme]:
    """The draft with what stands in the form, as text and as it is read."""
    if values == parts.values_of(now.data, part):
        return now.draft.text, now.programme
    text = with_change(now.draft.text, PartChange(part, values))
    return text, review(text)


def _page(
    now: Drafted, key: str, typed: TypedText, *, template: str = "text"
) -> ResponseReturnValue:
    words, part, there = now.words, Part(parts.OWN_WORDS, key), _there(now, key)
    text, read = _read(now, part, typed.values or None)
    problems = typed.wrong or (read.problems if isinstance(read, InvalidProgramme) else ())
    own, others = parts.sorted_out(problems, tomllib.loads(text), part)
    said = partial(labels.in_words, words)
    wrong = {name: said(problem.message(words.lang)) for name, problem in own.items()}
    status = 422 if typed.wrong else 409 if typed.refused else 200
    look = TextLook() if isinstance(read, InvalidProgramme) else look_of(read, key)
    return layout.page(
        template,
        status=status,
        key=key,
        met=offered()[key],
        heading=_name(now, offered()[key]),
        languages={each: words.say(f"owner.words.{each}") for each in LANGS},
        fields=own_words.fields_of(key, typed.values),
        rooms={lang: room_of(lang, key) for lang in LANGS},
        problems=wrong,
        problem=wrong.get("id", ""),
        others=[said(problem.line(words.lang)) for problem in others],
        refused=typed.refused,
        seen=parts.mark_of(there),
        is_own=there is not None,
        placeholders_told=own_words.placeholders(words, key),
        searched=_searched(),
        back=_back(key),
        look=look,
    )
