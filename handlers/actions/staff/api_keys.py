"""The keys by which other systems ask us: made by the owner, shown once, ended at any time."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.store import UnitOfWork
from bot.store.history import claims
from bot.store.staff import api_keys, audit
from bot.store.staff.api_keys import ApiKey
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import visible
from rules.scopes import Scope

from .signing import token_hash

NAME_MAX = 60
#: So many keys may be good at once; nobody has as many systems.
KEYS_MAX = 50
#: A key that nobody looks after ends by itself.
DAYS_MAX = 3 * 366
#: What all of ours begin with, so that whoever finds one knows where it opens a door.
_MARK = "kayoi_"
_PREFIX_LENGTH = len(_MARK) + 6


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """What a key is to be."""

    #: What the owner calls the system that gets it.
    name: str
    scopes: tuple[Scope, ...]
    #: None for every store.
    store: str | None
    #: The last day on which it opens a door.
    last_day: date
    #: The key of the same system that this one follows; None for a system of its own.
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key, which nobody can be shown again."""

    key: ApiKey
    token: str


def make_key(work: Work, asked: KeyAsked, *, stores: Collection[str]) -> MadeKey | Refusal:
    """A new key, once for the work's own. `stores` are those there are. A work that nobody of the
    staff does is a command's.

    Refused with key_made (by then; nobody can be shown it again), not_allowed, name_invalid,
    store_unknown, key_scopes (none), key_day (not from today on, or years away), keys_many, or
    key_unknown where there is none that it could follow.
    """
    api_keys.lock_all(work.uow)
    if work.key and was_made(work.uow, work.key):
        return Refusal("key_made")
    name, today = asked.name.strip(), work.programme.shop.local(work.wall).date()
    no = _refuse(work, asked, name, stores, today)
    if no is not None:
        return no
    follows = api_keys.get(work.uow, asked.follows) if asked.follows is not None else None
    if asked.follows is not None and follows is None:
        return Refusal("key_unknown")
    if work.key and claims.claim(work.uow, work.key, "api key", at=work.now) is not None:
        return Refusal("key_made")
    token = _MARK + secrets.token_urlsafe(32)
    made = ApiKey(
        id=0,
        client=follows.client if follows else 0,
        name=name,
        prefix=token[:_PREFIX_LENGTH],
        scopes=asked.scopes,
        store=asked.store,
        made_at=work.wall,
        made_by=work.actor.staff_id if work.actor else None,
        expires_at=_end_of(work, asked.last_day),
        ended_at=None,
        used_on=None,
    )
    kept = api_keys.add(work.uow, made, token_hash(token))
    _log(work, "api_key_make", kept)
    return MadeKey(kept, token)


def was_made(uow: UnitOfWork, key: str) -> bool:
    """Whether one was made by the form of that key."""
    return claims.is_claimed(uow, key)


def _refuse(
    work: Work, asked: KeyAsked, name: str, stores: Collection[str], today: date
) -> Refusal | None:
    if work.actor is not None and not work.actor.owns:
        return Refusal("not_allowed")
    if not visible(name) or len(name) > NAME_MAX or not name.isprintable():
        return Refusal("name_invalid")
    if asked.store is not None and asked.store not in stores:
        return Refusal("store_unknown")
    if not asked.scopes:
        return Refusal("key_scopes")
    if not today <= asked.last_day <= today + timedelta(days=DAYS_MAX):
        return Refusal("key_day")
    if api_keys.count_good(work.uow, at=work.wall) >= KEYS_MAX:
        return Refusal("keys_many")
    return None


def _end_of(work: Work, day: date) -> datetime:
    """When that day is over in the shop's zone."""
    return datetime.combine(day + timedelta(days=1), time(), work.programme.shop.zone)


def end_key(work: Work, key_id: int) -> ApiKey | Refusal:
    """Lets nobody in by that key any more, from this moment on. Refused with not_allowed, or
    key_unknown where there is none, or it had ended."""
    if work.actor is not None and not work.actor.owns:
        return Refusal("not_allowed")
    if not api_keys.end(work.uow, key_id, at=work.wall):
        return Refusal("key_unknown")
    key = api_keys.get(work.uow, key_id)
    if key is None:
        return Refusal("key_unknown")
    _log(work, "api_key_end", key)
    return key


def key_behind(uow: UnitOfWork, token: str, *, at: datetime) -> ApiKey | None:
    """The key that is `token`, if it opens doors at that moment of the wall's clock."""
    key = api_keys.by_hash(uow, token_hash(token))
    return key if key is not None and key.is_good(at) else None


def _log(work: Work, action: str, key: ApiKey) -> None:
    """For a command nobody is named as who did it."""
    actor = work.actor
    audit.add(
        work.uow,
        action,
        at=work.now,
        staff_id=actor.staff_id if actor else None,
        device_id=actor.device_id if actor else None,
        store=actor.store if actor else key.store,
        begins=key.prefix,
        of=key.name,
        at_store=key.store,
        scopes=list(key.scopes),
    )
