"""Keys by which other systems ask us: known here by their hash alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import api_keys


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, without the key itself. Its times are the wall's."""

    id: int
    #: Whose it is: what was done under one key is known under the next of the same system.
    client: int
    #: What the owner calls the system.
    name: str
    #: How it begins.
    prefix: str
    scopes: tuple[str, ...]
    #: None for every store.
    store: str | None
    made_at: datetime
    #: Who of the staff made it; None for the command line.
    made_by: int | None
    expires_at: datetime
    ended_at: datetime | None
    #: The day on which it was used last.
    used_on: date | None

    def is_good(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at


_COLUMNS = (
    api_keys.c.id, api_keys.c.client, api_keys.c.name, api_keys.c.prefix, api_keys.c.scopes,
    api_keys.c.store, api_keys.c.made_at, api_keys.c.made_by, api_keys.c.expires_at,
    api_keys.c.ended_at, api_keys.c.used_on,
)  # fmt: skip
_BY_HASH = PreparedStatement(
    select(*_COLUMNS).where(api_keys.c.token_hash == bindparam("token_hash"))
)


def _of_row(row: Any) -> ApiKey:
    key_id, client, name, prefix, scopes, *rest = row
    return ApiKey(key_id, client, name, prefix, tuple(scopes.split()), *rest)


def add(uow: UnitOfWork, key: ApiKey, token_hash: str) -> ApiKey:
    """Keeps a new key, whose `id` is not looked at; nor is its `client` where it is 0, which makes
    it the first of a new system."""
    row = {
        "client": key.client,
        "name": key.name,
        "prefix": key.prefix,
        "token_hash": token_hash,
        "scopes": " ".join(key.scopes),
        "store": key.store,
        "made_at": key.made_at,
        "made_by": key.made_by,
        "expires_at": key.expires_at,
    }
    key_id = uow.run(insert(api_keys).values(row).returning(api_keys.c.id)).scalar_one()
    if not key.client:
        uow.run(update(api_keys).where(api_keys.c.id == key_id).values(client=key_id))
    return _of_row(uow.run(select(*_COLUMNS).where(api_keys.c.id == key_id)).one())


def by_hash(uow: UnitOfWork, token_hash: str) -> ApiKey | None:
    """The key, whether or not it is still good."""
    rows = uow.ask(_BY_HASH, {"token_hash": token_hash})
    return _of_row(rows[0]) if rows else None


def get(uow: UnitOfWork, key_id: int) -> ApiKey | None:
    row = uow.run(select(*_COLUMNS).where(api_keys.c.id == key_id)).one_or_none()
    return _of_row(row) if row is not None else None


def newest(uow: UnitOfWork, *, limit: int) -> list[ApiKey]:
    """The keys there are and were, those that may still be good first."""
    rows = uow.run(
        select(*_COLUMNS)
        .order_by(api_keys.c.ended_at.is_not(None), api_keys.c.id.desc())
        .limit(limit)
    )
    return [_of_row(row) for row in rows]


def lock_all(uow: UnitOfWork) -> None:
    """Lets nobody else who locks them make one until the transaction ends, where there is any."""
    uow.run(select(api_keys.c.id).order_by(api_keys.c.id).with_for_update()).all()


def count_good(uow: UnitOfWork, *, at: datetime) -> int:
    good = select(func.count()).where(api_keys.c.ended_at.is_(None), api_keys.c.expires_at > at)
    return int(uow.run(good).scalar_one())


def lock(uow: UnitOfWork, client: int) -> None:
    """Makes whatever else the system does at once wait for this transaction."""
    query = select(api_keys.c.id).where(api_keys.c.client == client).order_by(api_keys.c.id)
    uow.run(query.with_for_update()).all()


def end(uow: UnitOfWork, key_id: int, *, at: datetime) -> bool:
    """Lets nobody in by it any more; False where it had ended."""
    mine = (api_keys.c.id == key_id) & api_keys.c.ended_at.is_(None)
    return uow.run(update(api_keys).where(mine).values(ended_at=at)).rowcount == 1


def note_use(uow: UnitOfWork, key_id: int, day: date) -> None:
    """Notes that it was used on that day, unless a later one is known."""
    earlier = or_(api_keys.c.used_on.is_(None), api_keys.c.used_on < day)
    uow.run(update(api_keys).where(api_keys.c.id == key_id, earlier).values(used_on=day))
