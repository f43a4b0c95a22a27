"""One receiver: its secret, how it takes what it is told, and sending again."""

from typing import get_args

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.endpoints import HookEndpoint
from handlers.actions.hooks.receivers import (
    ROTATION,
    SECRET_SHOWN,
    ReceiverStep,
    is_secret_shown,
    secrets_of,
    send_again,
    take_receiver_step,
)
from rules.hooks.schedule import TRIES_MAX

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found, store_name
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from . import named
from .listing import state_of

#: So many of the last are shown.
_SHOWN = 50


def seen_receiver(endpoint_id: int) -> HookEndpoint:
    """The one that the address names; it must be there."""
    with current_club().store.read() as uow:
        known = endpoints.get(uow, endpoint_id)
    if known is None:
        not_found()
    return known


@pages.get("/webhooks/<int:endpoint_id>", endpoint="hook")
@owner_page
def show_hook(endpoint_id: int) -> ResponseReturnValue:
    return _page(seen_receiver(endpoint_id))


@pages.post("/webhooks/<int:endpoint_id>/<step>", endpoint="hook_step")
@owner_page
def take_hook_step(endpoint_id: int, step: str) -> ResponseReturnValue:
    wanted: ReceiverStep | None = next(
        (each for each in get_args(ReceiverStep) if each == step), None
    )
    known = seen_receiver(endpoint_id)
    if wanted is None:
        not_found()
    with forms.form_work() as work:
        no = take_receiver_step(work, endpoint_id, wanted)
    if no is not None:
        return _page(known, problem=refusal_line(no.code), status=409)
    current_club().hooks.forget()
    if wanted == "drop":
        return redirect(url_for("owner.hooks", done="dropped"), 303)
    return redirect(url_for("owner.hook", endpoint_id=endpoint_id, done=wanted), 303)


@pages.post("/webhooks/<int:endpoint_id>/again/<event_id>", endpoint="hook_again")
@owner_page
def send_hook_again(endpoint_id: int, event_id: str) -> ResponseReturnValue:
    known = seen_receiver(endpoint_id)
    with forms.form_work() as work:
        no = send_again(work, endpoint_id, event_id)
    if no is not None:
        return _page(known, problem=refusal_line(no.code), status=409)
    return redirect(url_for("owner.hook", endpoint_id=endpoint_id, done="again_one"), 303)


def _page(known: HookEndpoint, problem: str = "", status: int = 200) -> Response:
    club = current_club()
    now = club.wall.now()
    with club.store.read() as uow:
        told = deliveries.of_endpoint(uow, known.id, most=_SHOWN)
    is_fresh = is_secret_shown(known, now)
    keys = secrets_of(club.codes, known, now=now) if is_fresh else ()
    return layout.page(
        "hook",
        status=status,
        named=named,
        receiver=known,
        state=state_of(known),
        at_store=store_name(known.fields.store),
        secret=keys[0] if keys else "",
        is_fresh=is_fresh,
        is_rotating=known.is_rotating(now),
        days=ROTATION.days,
        minutes=int(SECRET_SHOWN.total_seconds() // 60),
        told=told,
        any_failed=any(each.status == "failed" and each.has_body for each in told),
        tries_max=TRIES_MAX,
        problem=problem,
        done=forms.done_line("owner.hooks.done"),
        new_key=forms.new_key,
    )
