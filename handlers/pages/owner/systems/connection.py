"""One connection: whether it works, where it tells us of orders, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.sellers.adapter import Placed, SellerError, SellerTrouble, Subscriber
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

#: So many orders that wait are shown, and so many places.
_SHOWN, _PLACES_SHOWN = 20, 50
#: Why the system gave no answer.
_TROUBLES: Mapping[SellerTrouble, str] = {
    "unauthorized": "connection_unauthorized",
    "away": "connection_away",
    "too_often": "connection_too_often",
    "nonsense": "connection_nonsense",
}


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a system said of itself when it was tried; nothing where it wasn't."""

    #: What it calls the account.
    who: str = ""
    #: What it signs with from now on; empty where that stays.
    signed_by: str = ""
    #: What its places are called, by their ids.
    places: Mapping[str, str] = field(default_factory=dict)


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
    if wanted is None:
        not_found()
    if wanted == "drop":
        # One that is gone already is what was wanted.
        with forms.form_work() as work:
            take_connection_step(work, connection_id, wanted)
        return redirect(url_for("owner.connections", done="dropped"), 303)
    known = seen_connection(connection_id)
    # Somebody may have stopped it since the page was shown: then its page says so.
    tries = wanted == "test" and known.is_on
    asked = _asked(known) if tries else _Answered()
    if isinstance(asked, Refusal):
        return _page(known, problem=refusal_line(asked.code), status=409)
    with forms.form_work() as work:
        no = take_connection_step(work, connection_id, wanted, signed_by=asked.signed_by)
    if no is not None:
        return _page(known, problem=refusal_line(no.code), status=409)
    if wanted == "test":
        # What it said is shown once, and kept nowhere; to ask again does no harm.
        return _page(seen_connection(connection_id), answered=asked)
    return redirect(url_for("owner.connection", connection_id=connection_id, done=wanted), 303)


def address_of(known: SellerConnection) -> str:
    """Where its messages go."""
    return f"{current_club().base_url}/orders/{known.fields.system}/{known.id}"


def _asked(known: SellerConnection) -> _Answered | Refusal:
    """What the system says of itself; where it can be told, it is told where to tell us. No
    transaction is open meanwhile."""
    club = current_club()
    adapter, login = club.sellers.get(known.fields.system), login_of(club.codes, known)
    if adapter is None or login is None:
        return Refusal("connection_unauthorized")
    signed_by, places = "", {}
    try:
        who = adapter.who(login)
        if isinstance(adapter, Subscriber):
            signed_by = adapter.subscribe(login, address_of(known))
        if isinstance(adapter, Placed):
            places = dict(adapter.places(login))
    except SellerError as problem:
        return Refusal(_TROUBLES[problem.trouble])
    # Where it signs with what it always did, somebody may have typed another key meanwhile.
    anew = signed_by if signed_by != login.secret else ""
    return _Answered(who or known.fields.account, anew, places)


def _page(
    known: SellerConnection,
    problem: str = "",
    status: int = 200,
    answered: _Answered = _Answered(),
) -> Response:
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
        who=answered.who,
        there=[
            (name, place, store_name(known.fields.store_of(place)))
            for place, name in list(answered.places.items())[:_PLACES_SHOWN]
        ],
        problem=problem,
        done=forms.done_line("owner.connections.done"),
        new_key=forms.new_key,
    )


def _why(code: str) -> str:
    return refusal_line(code) if is_refusal(code) else ""
