"""A receiver's form: made and changed. Its address is looked at before anything is kept."""

from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.hooks.addresses import URL_MAX, problem_there
from bot.store.hooks.endpoints import EndpointFields
from handlers.actions.hooks.receivers import NAME_MAX, add_receiver, change_receiver
from rules.base import Refusal
from rules.characters import whole_number
from rules.hooks.kinds import TOPICS

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import store_names
from . import named
from .one import seen_receiver

#: Beside which field a refusal is told.
_FIELDS = {
    "hook_nameless": "name", "hook_topicless": "topics", "store_unknown": "store",
    "hook_url_shape": "url", "hook_url_https": "url", "hook_url_login": "url",
    "hook_url_port": "url", "hook_url_inside": "url", "hook_url_unknown": "url",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypedReceiver:
    """What stands in the form."""

    fields: EndpointFields
    endpoint_id: int | None = None
    revision: int = 0


@pages.get("/webhooks/new", endpoint="new_hook")
@owner_page
def open_new_hook() -> ResponseReturnValue:
    return _page(TypedReceiver(EndpointFields("", "", TOPICS)))


@pages.post("/webhooks/new", endpoint="save_new_hook")
@owner_page
def save_new_hook() -> ResponseReturnValue:
    typed = _typed()
    if no := _address_problem(typed):
        return _page(typed, no)
    with forms.form_work() as work:
        made = add_receiver(work, typed.fields)
    if isinstance(made, Refusal):
        return _page(typed, made)
    current_club().hooks.forget()
    return redirect(url_for("owner.hook", endpoint_id=made, done="made"), 303)


@pages.get("/webhooks/<int:endpoint_id>/change", endpoint="change_hook")
@owner_page
def open_hook(endpoint_id: int) -> ResponseReturnValue:
    known = seen_receiver(endpoint_id)
    return _page(TypedReceiver(known.fields, known.id, known.revision))


@pages.post("/webhooks/<int:endpoint_id>/change", endpoint="save_hook")
@owner_page
def save_hook(endpoint_id: int) -> ResponseReturnValue:
    seen_receiver(endpoint_id)
    typed = _typed(endpoint_id)
    if no := _address_problem(typed):
        return _page(typed, no)
    with forms.form_work() as work:
        refused = change_receiver(work, endpoint_id, typed.fields, revision=typed.revision)
    if refused is not None:
        return _page(typed, refused)
    current_club().hooks.forget()
    return redirect(url_for("owner.hook", endpoint_id=endpoint_id, done="saved"), 303)


def _typed(endpoint_id: int | None = None) -> TypedReceiver:
    given = request.form.getlist("topics")
    fields = EndpointFields(
        " ".join(forms.field("name", NAME_MAX).split()),
        forms.field("url", URL_MAX),
        tuple(each for each in TOPICS if each in given),
        forms.field("store", 40) or None,
    )
    revision = whole_number(request.form.get("revision", ""), 9) or 0
    return TypedReceiver(fields, endpoint_id, revision)


def _address_problem(typed: TypedReceiver) -> Refusal | None:
    """No transaction is open meanwhile: it is asked where the name leads."""
    problem = problem_there(typed.fields.url, current_club().reach)
    return Refusal(problem) if problem else None


def _page(typed: TypedReceiver, no: Refusal | None = None) -> Response:
    status = 200 if no is None else 409 if no.code == "hook_changed" else 422
    return layout.page(
        "hook_form",
        status=status,
        named=named,
        typed=typed,
        topics=TOPICS,
        stores=store_names(typed.fields.store),
        name_max=NAME_MAX,
        url_max=URL_MAX,
        wrong=_FIELDS.get(no.code, "form") if no else "",
        problem=refusal_line(no.code) if no else "",
        new_key=forms.new_key,
    )
