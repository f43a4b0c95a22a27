"""A source's form: made, changed, closed, put up again, taken off the list."""

from dataclasses import dataclass
from typing import get_args

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.members.sources import SourceFields
from handlers.actions.programme.sources import (
    NAME_MAX,
    SourceStep,
    add_source,
    change_source,
    take_source_step,
)
from rules.base import Refusal
from rules.characters import whole_number
from rules.figures.sources import KINDS, SourceKind

from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import store_names
from .listing import kind_text
from .one import seen_source, source_page


@dataclass(frozen=True, slots=True)
class TypedSource:
    """What stands in the form."""

    fields: SourceFields
    source_id: int | None = None
    revision: int = 0


@pages.get("/sources/new", endpoint="new_source")
@owner_page
def open_new() -> ResponseReturnValue:
    return _page(TypedSource(SourceFields("", "poster", None)))


@pages.post("/sources/new", endpoint="save_new_source")
@owner_page
def save_new() -> ResponseReturnValue:
    typed = _typed()
    with forms.form_work() as work:
        made = add_source(work, typed.fields)
    if isinstance(made, Refusal):
        return _page(typed, made)
    return redirect(url_for("owner.source", source_id=made, done="made"), 303)


@pages.get("/sources/<int:source_id>/change", endpoint="change_source")
@owner_page
def open_one(source_id: int) -> ResponseReturnValue:
    source = seen_source(source_id)
    fields = SourceFields(source.name, source.kind, source.store)
    return _page(TypedSource(fields, source.id, source.revision))


@pages.post("/sources/<int:source_id>/change", endpoint="save_source")
@owner_page
def save(source_id: int) -> ResponseReturnValue:
    seen_source(source_id)
    typed = _typed(source_id)
    with forms.form_work() as work:
        no = change_source(work, source_id, typed.fields, revision=typed.revision)
    if no is not None:
        return _page(typed, no)
    return redirect(url_for("owner.source", source_id=source_id, done="saved"), 303)


@pages.post("/sources/<int:source_id>/<step>", endpoint="source_step")
@owner_page
def take_step(source_id: int, step: str) -> ResponseReturnValue:
    wanted: SourceStep | None = next((each for each in get_args(SourceStep) if each == step), None)
    source = seen_source(source_id)
    if wanted is None:
        not_found()
    with forms.form_work() as work:
        no = take_source_step(work, source_id, wanted)
    if no is not None:
        return source_page(source, problem=refusal_line(no.code), status=409)
    if wanted == "drop":
        return redirect(url_for("owner.sources", done="dropped"), 303)
    return redirect(url_for("owner.source", source_id=source_id, done=wanted), 303)


def _typed(source_id: int | None = None) -> TypedSource:
    kind: SourceKind = next((each for each in KINDS if each == request.form.get("kind")), "poster")
    name = " ".join(forms.field("name", NAME_MAX).split())
    fields = SourceFields(name, kind, forms.field("store", 40) or None)
    return TypedSource(fields, source_id, whole_number(request.form.get("revision", ""), 9) or 0)


def _page(typed: TypedSource, no: Refusal | None = None) -> Response:
    status = 200 if no is None else 409 if no.code == "source_changed" else 422
    return layout.page(
        "source_form",
        status=status,
        typed=typed,
        kinds=KINDS,
        kind_text=kind_text,
        stores=store_names(typed.fields.store),
        name_max=NAME_MAX,
        refused=no.code if no else "",
        problem=refusal_line(no.code) if no else "",
        new_key=forms.new_key,
    )
