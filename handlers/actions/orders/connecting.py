"""Connections with tills and web shops as their owner has them: made, changed, turned off and on,
taken away."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.store.orders import connections, hints
from bot.store.orders.connections import ConnectionFields, SellerConnection
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once_for
from ..recording.log import note
from .hearing import login_of, seal_login

#: Each is asked again and again.
CONNECTIONS_MAX = 20
ACCOUNT_MAX, CLIENT_MAX, PLACE_MAX = 200, 200, 100
KEY_MAX = 400
#: Systems tell us no older sales without being asked for more than we need.
SINCE_MAX = timedelta(days=61)
#: What goes again when it is turned on or gets other keys.
_ANEW: dict[str, Any] = {
    "failures": 0, "failing_since": None, "problem": None, "told_at": None,
}  # fmt: skip
_MADE: TypeAdapter[int | str] = TypeAdapter(int | str)
#: Somebody else changed it meanwhile.
CHANGED = Refusal("connection_changed")

#: What may be done with a connection besides changing what is said of it; "test": it answered,
#: and is asked for its orders at once.
ConnectionStep = Literal["on", "off", "test", "drop"]


@dataclass(frozen=True, slots=True)
class TypedConnection:
    """What an owner says of a connection. Keys that are empty stay as they are."""

    fields: ConnectionFields
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def add_connection(work: Work, typed: TypedConnection, *, since: datetime) -> int | Refusal:
    """Makes one, once for the form; gives its id. Sales since `since` count. Its account is as its
    system writes it (`Adapter.account`).

    Refused with connection_account, connection_secret, connection_token, connection_twice,
    connection_places, connection_since, connection_many or store_unknown.
    """
    fields = typed.fields

    def act() -> int | str:
        if no := _unfit(work, typed):
            return no.code
        # Some systems sign with a key that there isn't before they know our address.
        if not typed.secret and not typed.token:
            return "connection_secret"
        if not work.now - SINCE_MAX <= since <= work.now:
            return "connection_since"
        connections.lock_all(work.uow)
        known = connections.every(work.uow)
        if any(_is_same(each.fields, fields) for each in known):
            return "connection_twice"
        if len(known) >= CONNECTIONS_MAX:
            return "connection_many"
        sealed = seal_login(work.codes, typed.secret, typed.token)
        made = connections.add(work.uow, fields, sealed, since=since, at=work.wall)
        _note(work, "connection_made", fields)
        return made

    made = once_for(_MADE, work, f"connection {typed!r}", act)
    return Refusal(made) if isinstance(made, str) else made


def change_connection(
    work: Work, connection_id: int, typed: TypedConnection, *, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the connection of that revision. Its account stays."""
    known = connections.get(work.uow, connection_id, lock=True)
    if known is None:
        return CHANGED
    fields = replace(typed.fields, system=known.fields.system, account=known.fields.account)
    if known.revision != revision:
        # The same sent again is kept already.
        return None if known.fields == fields and _has_keys(work, known, typed) else CHANGED
    if known.fields == fields and not typed.secret and not typed.token:
        return None
    if no := _unfit(work, replace(typed, fields=fields), known):
        return no
    connections.rewrite(work.uow, known, fields, **_keys(work, known, typed))
    _note(work, "connection_changed", fields)
    return None


def take_connection_step(
    work: Work, connection_id: int, step: ConnectionStep, *, signed_by: str = ""
) -> Refusal | None:
    """Does it, once for the form; nothing where that was done. `signed_by`: the secret that the
    system said it signs with from now on."""

    def act() -> int | str:
        known = connections.get(work.uow, connection_id, lock=True)
        if known is None:
            return 0 if step == "drop" else CHANGED.code
        if signed_by:
            sealed, _ = seal_login(work.codes, signed_by, "")
            connections.change(work.uow, known.id, secret=sealed)
        if _take(work, known, step):
            _note(work, f"connection_{step}", known.fields)
        return 0

    came = once_for(_MADE, work, f"connection {connection_id} {step}", act)
    return Refusal(came) if isinstance(came, str) else None


def _take(work: Work, known: SellerConnection, step: ConnectionStep) -> bool:
    """Whether there was something to do."""
    uow, now = work.uow, work.wall
    match step:
        case "on" if known.off_at is not None:
            connections.change(uow, known.id, off_at=None, due_at=now, **_ANEW)
        case "off" if known.off_at is None:
            connections.change(uow, known.id, off_at=now, failing_since=None)
        case "test" if known.is_on:
            connections.change(uow, known.id, due_at=now, **_ANEW)
        case "drop":
            hints.drop_all(uow, known.id)
            connections.change(uow, known.id, dropped_at=now, secret="", token="", client="")
        case _:
            return False
    return True


def _has_keys(work: Work, known: SellerConnection, typed: TypedConnection) -> bool:
    """Whether the keys that were typed are those that it has."""
    login = login_of(work.codes, known)
    has = (login.secret, login.token) if login else ("", "")
    return typed.secret in ("", has[0]) and typed.token in ("", has[1])


def _keys(work: Work, known: SellerConnection, typed: TypedConnection) -> dict[str, Any]:
    """What changes where a key was typed: it is tried at once."""
    if not typed.secret and not typed.token:
        return {}
    login = login_of(work.codes, known)
    secret = typed.secret or (login.secret if login else "")
    token = typed.token or (login.token if login else "")
    sealed_secret, sealed_token = seal_login(work.codes, secret, token)
    keys = {"secret": sealed_secret, "token": sealed_token}
    return {**keys, "due_at": work.wall, **_ANEW}


def _unfit(
    work: Work, typed: TypedConnection, known: SellerConnection | None = None
) -> Refusal | None:
    fields = typed.fields
    if not fields.account or len(fields.account) > ACCOUNT_MAX:
        return Refusal("connection_account")
    if typed.secret and not _is_key(typed.secret):
        return Refusal("connection_secret")
    has_token = bool(typed.token or fields.client or (known is not None and known.token))
    if not has_token or (typed.token and not _is_key(typed.token)):
        return Refusal("connection_token")
    if any(not place or len(place) > PLACE_MAX for place in fields.places):
        return Refusal("connection_places")
    before = {known.fields.store, *known.fields.places.values()} if known else set()
    for store in {fields.store, *fields.places.values()} - before:
        if work.programme.store(store) is None:
            return Refusal("store_unknown")
    return None


def _is_key(text: str) -> bool:
    return len(text) <= KEY_MAX and text.isascii() and text.isprintable() and " " not in text


def _is_same(one: ConnectionFields, other: ConnectionFields) -> bool:
    return (one.system, one.account) == (other.system, other.account)


def _note(work: Work, action: str, fields: ConnectionFields) -> None:
    """In the log of the staff, where it is one of them."""
    if work.actor is not None:
        note(work, action, system=fields.system, account=fields.account)
