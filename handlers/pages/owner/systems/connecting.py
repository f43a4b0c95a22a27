"""A connection's form: made and changed. Keys are typed, and never shown again."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.orders.connections import ConnectionFields
from handlers.actions.orders.connecting import (
    ACCOUNT_MAX,
    CLIENT_MAX,
    KEY_MAX,
    PLACE_MAX,
    SINCE_MAX,
    TypedConnection,
    add_connection,
    change_connection,
)
from rules.base import Refusal
from rules.characters import whole_number

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import store_names
from . import named
from .connection import seen_connection

#: Beside which field a refusal is told.
_FIELDS = {
    "connection_account": "account", "connection_twice": "account", "connection_secret": "secret",
    "connection_token": "token", "connection_places": "places", "connection_since": "since",
    "store_unknown": "store",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConnectionForm:
    """What stands in the form."""

    connection: TypedConnection
    #: The account as it was typed.
    account: str = ""
    since: date | None = None
    connection_id: int | None = None
    revision: int = 0
    #: What the system calls the place of each store.
    places: dict[str, str] = field(default_factory=dict)


@pages.get("/connections/new/<system>", endpoint="new_connection")
@owner_page
def open_new(system: str) -> ResponseReturnValue:
    _must_know(system)
    fields = ConnectionFields(system, "", current_programme().stores[0].id)
    return _page(ConnectionForm(TypedConnection(fields), since=_today()))


@pages.post("/connections/new/<system>", endpoint="save_new_connection")
@owner_page
def save_new(system: str) -> ResponseReturnValue:
    _must_know(system)
    typed = _typed(system)
    if no := _places_problem(typed):
        return _page(typed, no)
    if typed.since is None:
        return _page(typed, Refusal("connection_since"))
    if "secret" in named.FORMS[system].keys and not typed.connection.secret:
        return _page(typed, Refusal("connection_secret"))
    since = datetime.combine(typed.since, time(), current_programme().shop.zone)
    with forms.form_work() as work:
        made = add_connection(work, typed.connection, since=since)
    if isinstance(made, Refusal):
        return _page(typed, made)
    return redirect(url_for("owner.connection", connection_id=made, done="made"), 303)


@pages.get("/connections/<int:connection_id>/change", endpoint="change_connection")
@owner_page
def open_connection(connection_id: int) -> ResponseReturnValue:
    known = seen_connection(connection_id)
    places = {store: place for place, store in known.fields.places.items()}
    typed = TypedConnection(known.fields)
    return _page(
        ConnectionForm(typed, known.fields.account, None, connection_id, known.revision, places)
    )


@pages.post("/connections/<int:connection_id>/change", endpoint="save_connection")
@owner_page
def save_connection(connection_id: int) -> ResponseReturnValue:
    known = seen_connection(connection_id)
    typed = _typed(known.fields.system, connection_id)
    if no := _places_problem(typed):
        return _page(typed, no)
    with forms.form_work() as work:
        refused = change_connection(work, connection_id, typed.connection, revision=typed.revision)
    if refused is not None:
        return _page(typed, refused)
    return redirect(url_for("owner.connection", connection_id=connection_id, done="saved"), 303)


def _must_know(system: str) -> None:
    if system not in current_club().sellers or system not in named.FORMS:
        not_found()


def _today() -> date:
    club = current_club()
    return current_programme().shop.local(club.now()).date()


def _typed(system: str, connection_id: int | None = None) -> ConnectionForm:
    account = forms.field("account", ACCOUNT_MAX)
    asked = {store: forms.field(f"place-{store}", PLACE_MAX) for store in store_names("")}
    places = {store: place for store, place in asked.items() if place}
    fields = ConnectionFields(
        system,
        current_club().sellers[system].account(account) or "",
        forms.field("store", 40),
        {place: store for store, place in places.items()},
        forms.field("client", CLIENT_MAX),
    )
    try:
        since = date.fromisoformat(forms.field("since", 10))
    except ValueError:
        since = None
    return ConnectionForm(
        TypedConnection(fields, forms.field("secret", KEY_MAX), forms.field("token", KEY_MAX)),
        account,
        since,
        connection_id,
        whole_number(request.form.get("revision", ""), 9) or 0,
        places,
    )


def _places_problem(typed: ConnectionForm) -> Refusal | None:
    """Two stores can't sell at one place."""
    is_twice = len(set(typed.places.values())) < len(typed.places)
    return Refusal("connection_places") if is_twice else None


def _page(typed: ConnectionForm, no: Refusal | None = None) -> Response:
    system = typed.connection.fields.system
    status = 200 if no is None else 409 if no.code == "connection_changed" else 422
    return layout.page(
        "connection_form",
        status=status,
        system=system,
        form=named.FORMS[system],
        typed=typed,
        shops=store_names(typed.connection.fields.store),
        sizes={"account": ACCOUNT_MAX, "client": CLIENT_MAX, "secret": KEY_MAX, "token": KEY_MAX},
        place_max=PLACE_MAX,
        first_day=_today() - SINCE_MAX,
        last_day=_today(),
        wrong=_FIELDS.get(no.code, "form") if no else "",
        problem=refusal_line(no.code) if no else "",
        new_key=forms.new_key,
    )
