"""Filters with a name: made, looked at, changed, thrown away."""

from dataclasses import dataclass, replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import crowds, segments
from bot.store.messages.segments import Segment
from handlers.actions.many.segments import (
    NAME_MAX,
    add_segment,
    change_segment,
    drop_segment,
    used_by,
)
from rules.base import Refusal
from rules.characters import whole_number
from rules.checking.cross_references import SegmentUse
from rules.editing import labels
from rules.explaining.explain_journeys import journey_name

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from .filtered import MemberFilter, asked_by_form, filter_of, filter_of_segment

layout.place(58, "owner.segments")


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A filter in the list, with what it asks in words."""

    segment: Segment
    said: list[str]
    #: Why it finds nobody by the programme in force; "" for nothing.
    problem: str


@dataclass(frozen=True, slots=True)
class TypedSegment:
    """What stands in the form: of which filter, of which revision."""

    asked: MemberFilter
    name: str = ""
    segment_id: int | None = None
    revision: int = 0
    refused: str = ""


@pages.get("/segments", endpoint="segments")
@manager_page
def show_segments() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = segments.every(uow)
    asked = {each.id: filter_of_segment(each) for each in found}
    return layout.page(
        "segments",
        lines=[
            SegmentLine(each, asked[each.id].said, asked[each.id].problems.get("", ""))
            for each in found
        ],
        done=forms.done_line("owner.segments.done"),
    )


@pages.get("/segments/<int:segment_id>/count", endpoint="count_segment")
@manager_page
def count(segment_id: int) -> ResponseReturnValue:
    """How many it finds now, for the list's script."""
    with current_club().store.read() as uow:
        segment = segments.get(uow, segment_id)
        if segment is None:
            not_found()
        asked = filter_of_segment(segment)
        many = crowds.size(uow, asked.asked) if asked.asked else 0
    return layout.page("members_count", many=many, problem="")


@pages.post("/segments/new", endpoint="save_new_segment")
@owner_page
def save_new() -> ResponseReturnValue:
    """Gives the filter of the table a name; or, where it can't be so, shows it in a form."""
    typed = _typed()
    if typed.asked.whom is None or typed.asked.problems:
        return _page(typed)
    with forms.form_work() as work:
        made = add_segment(work, typed.name, typed.asked.whom)
    if isinstance(made, Refusal):
        return _page(replace(typed, refused=refusal_line(made.code)))
    return redirect(url_for("owner.members", segment=made, done="named"), 303)


@pages.get("/segments/<int:segment_id>", endpoint="segment")
@owner_page
def open_segment(segment_id: int) -> ResponseReturnValue:
    segment = _segment(segment_id)
    return _page(
        TypedSegment(filter_of_segment(segment), segment.name, segment_id, segment.revision)
    )


@pages.post("/segments/<int:segment_id>", endpoint="save_segment")
@owner_page
def save(segment_id: int) -> ResponseReturnValue:
    typed = replace(_typed(), segment_id=segment_id)
    if typed.asked.whom is None or typed.asked.problems:
        return _page(typed)
    with forms.form_work() as work:
        no = change_segment(
            work, segment_id, name=typed.name, whom=typed.asked.whom, revision=typed.revision
        )
    if no is not None:
        return _page(replace(typed, refused=refusal_line(no.code)))
    return redirect(url_for("owner.segments", done="saved"), 303)


@pages.post("/segments/<int:segment_id>/drop", endpoint="drop_segment")
@owner_page
def drop(segment_id: int) -> ResponseReturnValue:
    with forms.form_work() as work:
        no = drop_segment(work, segment_id)
    if no is not None:
        segment = _segment(segment_id)
        return _page(
            TypedSegment(
                filter_of_segment(segment), segment.name, segment_id, segment.revision,
                refusal_line(no.code),
            )
        )  # fmt: skip
    return redirect(url_for("owner.segments", done="dropped"), 303)


def _segment(segment_id: int) -> Segment:
    with current_club().store.read() as uow:
        segment = segments.get(uow, segment_id)
    if segment is None:
        not_found()
    return segment


def _typed() -> TypedSegment:
    with current_club().store.read() as uow:
        asked = filter_of(uow, asked_by_form())
    name = " ".join(forms.field("name", NAME_MAX).split())
    revision = whole_number(request.form.get("revision", ""), 9) or 0
    return TypedSegment(asked, name, revision=revision)


def _part_name(use: SegmentUse) -> str:
    """What a part of the programme is called, with what it is one of."""
    words = words_now()
    what = words.say(f"explain.title.{use.section}")
    if use.section == "journeys":
        return words.say("owner.segments.part", what=what, name=journey_name(words, use.id))
    named = {
        "rewards": {each.id: each.name for each in words.programme.rewards},
        "campaigns": {each.id: each.name for each in words.programme.campaigns},
    }[use.section]
    name = words.name(named[use.id]) if use.id in named else use.id
    return words.say("owner.segments.part", what=what, name=name)


def _page(typed: TypedSegment) -> ResponseReturnValue:
    users, segment = None, None
    if typed.segment_id is not None:
        with current_club().reading() as work:
            segment = segments.get(work.uow, typed.segment_id)
            users = used_by(work, segment) if segment else None
    status = 409 if typed.refused else 422 if typed.asked.problems else 200
    return layout.page(
        "segment",
        # A filter of which part is gone is shown to be mended.
        status=200 if request.method == "GET" else status,
        typed=typed,
        asked=typed.asked,
        fields=typed.asked.fields,
        problem=typed.refused or typed.asked.problems.get("", ""),
        users=users,
        part_name=_part_name,
        slug=segment.slug if segment else "",
        title_of=lambda event: event.title.in_(language()),
        name_max=NAME_MAX,
        new_key=forms.new_key,
        labels=labels,
        words=words_now(),
    )
