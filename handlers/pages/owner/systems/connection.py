"""One connection: whether it works, where it tells us of orders, and what may be done with it."""

from collections.abc import Mapping
from typing import get_args

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.sellers.adapter import SellerError, SellerTrouble, Subscriber
from bot.store.orders import connections, hints, orders
from bot.store.orders.connections import SellerConnection
from handlers.actions.orders.connecting import ConnectionStep, take_connection_step
from handlers.actions.orders.hearing import login_of
from rules.base import Refusal
from rules.orders.asking import EVERY
from rules.wording.refusals import is_refusal

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found, store_name
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from . import named

#: So many orders that wait are shown.
_SHOWN = 20
#: Why the system gave no answer.
_TROUBLES: Mapping[SellerTrouble, str] = {
    "unauthorized": "connection_unauthorized",
    "away": "connection_away",
    "too_often": "connection_too_often",
    "nonsense": "connection_nonsense",
}


def seen_connection(connection_id: int) -> SellerConnection:
    """The one that the address names; it must be there."""
    with current_club().store.read() as uow:
        known = connections.get(uow, connection_id)
    if known is None or known.fields.system not in named.FORMS:
        not_found()
    return known


@pages.get("/connections/<int:connection_id>", endpoint="connection")
@owner_page
def show_connection(connection_id: int) -> ResponseReturnValue:
    return _page(seen_connection(connection_id))


@pages.post("/connections/<int:connection_id>/<step>", endpoint="connection_step")
@owner_page
def take_step(connection_id: int, step: str) -> ResponseReturnValue:
    wanted: ConnectionStep | None = next(
        (each for each in get_args(ConnectionStep) if each == step), None
    )
    known = seen_connection(connection_id)
    if wanted is None:
        not_found()
    asked = _asked(known) if wanted == "test" else ("", "")
    if isinstance(asked, Refusal):
        return _page(known, problem=refusal_line(asked.code), status=409)
    who, signed_by = asked
    with forms.form_work() as work:
        no = take_connection_step(work, connection_id, wanted, signed_by=signed_by)
    if no is not None:
        return _page(known, problem=refusal_line(no.code), status=409)
    if wanted == "drop":
        return redirect(url_for("owner.connections", done="dropped"), 303)
    if wanted == "test":
        # Its name is said once, and kept nowhere; to ask again does no harm.
        return _page(seen_connection(connection_id), who=who)
    return redirect(url_for("owner.connection", connection_id=connection_id, done=wanted), 303)


def address_of(known: SellerConnection) -> str:
    """Where its messages go."""
    return f"{current_club().base_url}/orders/{known.fields.system}/{known.id}"


def _asked(known: SellerConnection) -> tuple[str, str] | Refusal:
    """What the system calls the account; where it can be told, it is told where to tell us, and
    says what it signs with, else that is empty. No transaction is open meanwhile."""
    club = current_club()
    adapter, login = club.sellers.get(known.fields.system), login_of(club.codes, known)
    if adapter is None or login is None:
        return Refusal("connection_unauthorized")
    signed_by = ""
    try:
        who = adapter.who(login)
        if isinstance(adapter, Subscriber) and known.is_on:
            signed_by = adapter.subscribe(login, address_of(known))
    except SellerError as problem:
        return Refusal(_TROUBLES[problem.trouble])
    # Where it signs with what it always did, somebody may have typed another key meanwhile.
    return who or known.fields.account, signed_by if signed_by != login.secret else ""


def _page(known: SellerConnection, problem: str = "", status: int = 200, who: str = "") -> Response:
    with current_club().store.read() as uow:
        waiting = hints.waiting(uow).get(known.id, 0)
        refused = orders.refused(uow, known.fields.system, most=_SHOWN)
    adapter = current_club().sellers.get(known.fields.system)
    return layout.page(
        "connection",
        status=status,
        named=named,
        connection=known,
        state=named.state_of(known),
        at_store=store_name(known.fields.store),
        places={store_name(store): place for place, store in known.fields.places.items()},
        address=address_of(known),
        tells_itself=isinstance(adapter, Subscriber),
        minutes=int(EVERY.total_seconds() // 60),
        waiting=waiting,
        refused=[(number, _why(code)) for number, code in refused],
        who=who,
        problem=problem,
        done=forms.done_line("owner.connections.done"),
        new_key=forms.new_key,
    )


def _why(code: str) -> str:
    return refusal_line(code) if is_refusal(code) else ""
