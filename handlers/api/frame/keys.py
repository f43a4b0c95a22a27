"""Who asks, by the key that they show (RFC 6750, Bearer), and how often they may."""

from datetime import date
from threading import Lock

from flask import current_app, g, request

from bot.store.staff import api_keys
from bot.store.staff.api_keys import ApiKey
from handlers.actions.recording.actor import ApiClient
from handlers.actions.staff.api_keys import key_behind
from rules.scopes import Scope

from .current import current_club
from .problems import Particulars, Trouble
from .rates import count_request

#: A till in its busiest minute asks for a tenth of it.
RATE_PER_MINUTE = 600
_RATE = "KAYOI_API_RATE"
_CHALLENGE = 'Bearer realm="Kayoi"'
_NOTING = Lock()


def look_at_key(scope: Scope) -> None:
    """Lets in whoever shows a key that may do this, or raises what they hear.

    Whether a key never was, was ended or has run out, the answer is the same.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Trouble(401, "key_missing", headers={"WWW-Authenticate": _CHALLENGE})
    club = current_club()
    now = club.wall.now()
    with club.store.read() as uow:
        key = key_behind(uow, token.strip(), at=now)
    if key is None:
        wrong = f'{_CHALLENGE}, error="invalid_token"'
        raise Trouble(401, "key_unknown", headers={"WWW-Authenticate": wrong})
    _count(key)
    g.api_client = ApiClient(key.client, key.name, key.store)
    _note_use(key, club.timeline().at(club.now()).programme.shop.local(now).date())
    if scope not in key.scopes:
        lacking = f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        about = Particulars(scope=scope)
        raise Trouble(403, "scope", about, {"WWW-Authenticate": lacking})


def _note_use(key: ApiKey, day: date) -> None:
    """Once a day; what it costs nobody waits for the disk."""
    if key.used_on is not None and key.used_on >= day:
        return
    with _NOTING, current_club().store.begin(durable=False) as uow:
        api_keys.note_use(uow, key.id, day)


def _count(key: ApiKey) -> None:
    """Counts the request, and tells in the answer how many more there may be."""
    # By system: a second key is not a second share.
    counted = count_request(
        str(key.client), current_app.config.get(_RATE, RATE_PER_MINUTE), of="systems"
    )
    seconds = counted.reset_seconds
    g.api_limits = {
        "RateLimit-Limit": str(counted.limit),
        "RateLimit-Remaining": str(counted.remaining),
        "RateLimit-Reset": str(seconds),
    }
    if not counted.is_in:
        raise Trouble(429, "too_often", headers={"Retry-After": str(seconds)})
