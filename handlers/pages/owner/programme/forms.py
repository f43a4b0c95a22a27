"""A form for each part of the programme. Saving changes the draft: members notice nothing of it
before it is published."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.drafting import PartChange, change_part, with_change
from handlers.actions.programme.reviewing import review_here
from rules.base import Refusal
from rules.checking.caution import Problem
from rules.checking.reading import InvalidProgramme
from rules.editing import labels, parts
from rules.editing.controls import Control
from rules.editing.fields import Filled
from rules.editing.ids import new_id, with_perk_ids
from rules.editing.own_words import explained
from rules.editing.parts import Part
from rules.editing.typed import NOTHING, Form, read
from rules.journeys.programme import WholeProgramme, journey_named
from rules.journeys.words import arms_of, offer_of, placeholders

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.blueprint import takes_pictures
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from .drafted import Drafted, drafted_now
from .handed_in import art_address, handed_in
from .overview import title
from .preview import preview

#: What a part is called whose name has no English, by its list.
_ID = {
    "earning": "rule", "campaigns": "campaign", "badges": "badge", "rewards": "reward",
    "streaks": "streak", "stores": "store", "journeys": "journey", "surveys": "survey",
    "subscriptions": "subscription",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A part's form: which part, of which kind where there are several, and what the draft has of
    it: None for a new one, or one that only its defaults speak of."""

    part: Part
    kind: str = ""
    there: Mapping[str, Any] | None = None

    @property
    def is_new(self) -> bool:
        return self.part.section in parts.LISTS and not self.part.id

    @property
    def controls(self) -> tuple[Control, ...]:
        return parts.controls(self.part.section, self.kind)

    @property
    def may_go(self) -> bool:
        """Whether the programme can do without it."""
        in_list = self.part.section in parts.LISTS
        return self.there is not None and (in_list or self.part.section in parts.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form, and what is to be said of it."""

    values: Mapping[str, Any]
    wrong: tuple[Problem, ...] = ()
    refused: str = ""
    #: Which pictures can't be used, and why, by the field.
    unusable: Mapping[str, str] = field(default_factory=dict)
    #: The fields for which one was handed in.
    handed_in: frozenset[str] = frozenset()
    #: While somebody is typing, what isn't there yet isn't missing.
    is_typing: bool = field(default=False, kw_only=True)


@pages.get("/programme/<section>", endpoint="section")
@owner_page
def open_section(section: str) -> ResponseReturnValue:
    if section in parts.LISTS:
        return redirect(url_for("owner.programme", _anchor=section), 303)
    return _open(Part(section))


@pages.get("/programme/<section>/<entry>", endpoint="part")
@owner_page
def open_part(section: str, entry: str) -> ResponseReturnValue:
    return _open(Part(section, entry))


@pages.get("/programme/new/<section>", endpoint="new_part")
@owner_page
def open_new_part(section: str) -> ResponseReturnValue:
    now, kinds = drafted_now(), parts.kinds_of(section)
    kind = request.args.get("kind", "")
    if kinds and not kind:
        offered = [(each, now.words.say(f"journey.kind.{each}")) for each in kinds]
        heading = title(now.words, section)
        return layout.page("kinds", kinds=offered, section=section, heading=heading)
    asked = _new(section, kind)
    return _page(now, asked, Typed(NOTHING))


@pages.post("/programme/<section>", endpoint="save_section")
@pages.post("/programme/<section>/<entry>", endpoint="save_part")
@owner_page
@takes_pictures
def save_part(section: str, entry: str = "") -> ResponseReturnValue:
    now = drafted_now()
    return _save(now, _asked(now, Part(section, entry)))


@pages.post("/programme/new/<section>", endpoint="save_new_part")
@owner_page
@takes_pictures
def save_new_part(section: str) -> ResponseReturnValue:
    return _save(drafted_now(), _new(section, forms.field("kind_of", 40)))


@pages.post("/programme/look/<section>", endpoint="look")
@owner_page
@takes_pictures
def look(section: str) -> ResponseReturnValue:
    """The phone beside the form as of what is typed, and what is wrong with it; or the form anew,
    with the questions of another kind. For the page's script."""
    now, entry = drafted_now(), forms.field("entry", 40)
    is_new = section in parts.LISTS and not entry
    asked = (
        _new(section, forms.field("kind_of", 40)) if is_new else _asked(now, Part(section, entry))
    )
    art = handed_in()
    typed = Typed(
        _values(now, asked, art.form),
        is_typing=True,
        unusable=art.unusable,
        handed_in=frozenset(art.taken),
    )
    fragment = "form" if request.headers.get("HX-Target") == "form" else "look"
    return _page(now, asked, typed, template=fragment)


def _open(part: Part) -> ResponseReturnValue:
    now = drafted_now()
    asked = _asked(now, part)
    return _page(now, asked, Typed(asked.there or NOTHING))


def _new(section: str, kind: str) -> Asked:
    """404 for no list, or no kind of its entries."""
    kinds = parts.kinds_of(section)
    in_list = section in parts.LISTS and section != parts.OWN_WORDS
    if not in_list or (kind in kinds) != bool(kinds):
        not_found()
    return Asked(Part(section), kind)


def _asked(now: Drafted, part: Part) -> Asked:
    """404 for what the draft hasn't."""
    there = parts.values_of(now.data, part)
    if part.section in parts.SECTIONS and not part.id:
        return Asked(part, there=there)
    if part.section not in parts.LISTS or not part.id or part.section == parts.OWN_WORDS:
        not_found()
    # What every club sends has no entry of its own until something about it is changed.
    sent = {each.id: each.kind for each in now.programme.journeys_sent}
    kinds = parts.kinds_of(part.section)
    kind = str(there["kind"]) if there and kinds else sent.get(part.id, "") if kinds else ""
    if there is None and not kind:
        not_found()
    return Asked(part, kind, there)


def _values(now: Drafted, asked: Asked, form: Form) -> dict[str, Any]:
    """The part as the form says it, with what it doesn't ask: a new one gets an id, as do its
    perks."""
    values = read(asked.controls, form, asked.there or NOTHING)
    asks = {control.key for control in asked.controls}
    there = asked.there or {}
    kept = {key: there[key] for key in ("id", "kind") if key in there and key not in asks}
    if asked.kind:
        kept["kind"] = asked.kind
    if asked.is_new:
        section = asked.part.section
        taken = {each.id for each in parts.parts_in(now.data) if each.section == section}
        # A journey that has no id is known by its kind.
        if not asked.kind or asked.kind in taken:
            kept["id"] = new_id(values, asked.kind or _ID[section], taken)
    return dict(with_perk_ids(kept | values, asked.part, now.data))


def _save(now: Drafted, asked: Asked) -> ResponseReturnValue:
    art = handed_in()
    values = None if "remove" in request.form else _values(now, asked, art.form)
    if values is not None and (art.unusable or "more" in request.form):
        return _page(now, asked, Typed(values, unusable=art.unusable))
    part = asked.part
    if values is not None and part.section in parts.LISTS:
        part = replace(part, id=parts.id_of(values))
    with forms.form_work() as work:
        done = change_part(work, PartChange(part, values, forms.field("seen", 32)))
    shown = values if values is not None else asked.there or NOTHING
    if isinstance(done, InvalidProgramme):
        return _page(now, asked, Typed(shown, done.problems))
    if isinstance(done, Refusal):
        return _page(now, asked, Typed(shown, refused=refusal_line(done.code)))
    return redirect(url_for("owner.programme", done="saved", _anchor=part.section), 303)


def _read(
    now: Drafted, part: Part, values: Mapping[str, Any]
) -> tuple[str, WholeProgramme | InvalidProgramme]:
    """The draft with what stands in the form, as text and as it is read."""
    if part.section in parts.LISTS and not part.id:
        # Nothing was typed yet.
        return now.draft.text, InvalidProgramme(())
    text = with_change(now.draft.text, PartChange(part, values))
    with current_club().store.read() as uow:
        return text, review_here(uow, text)


def _placeholders(read_now: WholeProgramme | InvalidProgramme, part: Part) -> tuple[str, ...]:
    """What the words of a journey may name; nothing where none are asked, or can't be read."""
    if part.section != "journeys" or isinstance(read_now, InvalidProgramme):
        return ()
    journey = journey_named(read_now, part.id)
    if journey is None:
        return ()
    return placeholders(journey, offer_of(journey, arms_of(journey)[0].id))


def _page(
    now: Drafted, asked: Asked, typed: Typed, *, template: str = "part"
) -> ResponseReturnValue:
    part, words = asked.part, now.words
    if part.section in parts.LISTS:
        part = replace(part, id=parts.id_of(typed.values))
    text, read_now = _read(now, part, typed.values)
    wrong = typed.wrong
    if typed.is_typing and isinstance(read_now, InvalidProgramme):
        wrong = tuple(each for each in read_now.problems if each.code != "missing")
    own, others = parts.sorted_out(wrong, tomllib.loads(text), part)
    named = _placeholders(read_now, part)
    said = partial(labels.in_words, words)
    problems = {name: said(problem.message(words.lang)) for name, problem in own.items()}
    problems |= typed.unusable
    is_wrong = typed.wrong or (typed.unusable and not typed.is_typing)
    status = 422 if is_wrong else 409 if typed.refused else 200
    return layout.page(
        template,
        status=status,
        heading=title(words, part.section),
        name=words.say(f"journey.kind.{asked.kind}") if asked.kind else "",
        placeholders=" ".join(f"{{{each}}}" for each in named),
        placeholders_told=explained(words, named),
        asked=asked,
        fields=Filled(typed.values, problems).fields(asked.controls),
        seen=parts.mark_of(asked.there),
        problem=problems.get("", ""),
        is_wrong=status == 422,
        others=[said(problem.line(words.lang)) for problem in others],
        refused=typed.refused,
        done=forms.done_line("owner.done"),
        labels=labels,
        handed_in=typed.handed_in,
        art=art_address,
        words=words,
        preview=preview(read_now, part, words.lang),
    )
