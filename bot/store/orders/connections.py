"""Tills' and web shops' accounts whose orders we hear: by what each is asked, and how it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, or_, select, update

from ..engine.db import UnitOfWork
from ..tables import connections as table

#: No database holds a larger id than that, nor has any shop so many.
_ID_MAX = 10**9
#: Why nothing came of asking; "secret": the keys can't be read any more, "broken": a mistake of
#: ours.
AskingFailure = Literal["unauthorized", "away", "too_often", "nonsense", "secret", "broken"]


@dataclass(frozen=True, slots=True)
class ConnectionFields:
    """What an owner says of an account, but for its secrets."""

    system: str
    #: As its system writes it.
    account: str
    #: Whose sales they are, unless `places` says.
    store: str
    #: By what the system calls a place: the store that sells there.
    places: Mapping[str, str] = field(default_factory=dict)
    #: The id of the app that asks there; empty for none.
    client: str = ""

    def store_of(self, place: str) -> str:
        return self.places.get(place, self.store)


@dataclass(frozen=True, slots=True)
class SellerConnection:
    """An account that is connected."""

    id: int
    fields: ConnectionFields
    #: Both sealed; no token where there is none.
    secret: str = field(repr=False)
    token: str = field(repr=False)
    since: datetime
    revision: int
    made_at: datetime
    off_at: datetime | None
    heard_at: datetime | None
    read_to: datetime
    page: str
    due_at: datetime
    failures: int
    failing_since: datetime | None
    problem: str | None

    @property
    def is_on(self) -> bool:
        return self.off_at is None


def every(uow: UnitOfWork) -> list[SellerConnection]:
    """Those that there are, on or off, in the order of making."""
    rows = uow.run(select(table).where(table.c.dropped_at.is_(None)).order_by(table.c.id))
    return [_connection(row) for row in rows]


def lock_all(uow: UnitOfWork) -> None:
    """Lets nobody else who locks them add one until the transaction ends, where there is any."""
    uow.run(select(table.c.id).order_by(table.c.id).with_for_update()).all()


def get(uow: UnitOfWork, connection_id: int, *, lock: bool = False) -> SellerConnection | None:
    """None where there is none, or it was taken away."""
    if not 0 < connection_id < _ID_MAX:
        return None
    mine = select(table).where(table.c.id == connection_id, table.c.dropped_at.is_(None))
    row = uow.run(mine.with_for_update() if lock else mine).first()
    return None if row is None else _connection(row)


def due(uow: UnitOfWork, *, now: datetime) -> list[SellerConnection]:
    """Those that are to be asked what changed, who waits longest first."""
    query = select(table).where(
        table.c.dropped_at.is_(None), table.c.off_at.is_(None), table.c.due_at <= now
    )
    return [_connection(row) for row in uow.run(query.order_by(table.c.due_at, table.c.id))]


def add(
    uow: UnitOfWork,
    fields: ConnectionFields,
    sealed: tuple[str, str],
    *,
    since: datetime,
    at: datetime,
) -> int:
    """Keeps a new one with its `sealed` secret and token; gives its id."""
    secret, token = sealed
    row = {
        **_said(fields), "secret": secret, "token": token, "since": since, "read_to": since,
        "revision": 1, "made_at": at, "due_at": at, "page": "",
    }  # fmt: skip
    return int(uow.run(insert(table).values(row).returning(table.c.id)).scalar_one())


def rewrite(uow: UnitOfWork, known: SellerConnection, fields: ConnectionFields, **to: Any) -> None:
    """Puts what is said of it now in the place of what was."""
    change(uow, known.id, revision=known.revision + 1, **_said(fields), **to)


def change(uow: UnitOfWork, connection_id: int, **to: Any) -> None:
    uow.run(update(table).where(table.c.id == connection_id).values(**to))


def note_heard(uow: UnitOfWork, connection_id: int, *, at: datetime, since: datetime) -> None:
    """Notes that it told something `at`, unless that was noted `since`."""
    is_old = or_(table.c.heard_at.is_(None), table.c.heard_at < since)
    uow.run(update(table).where(table.c.id == connection_id, is_old).values(heard_at=at))


def untold(uow: UnitOfWork, *, failing_since: datetime) -> list[SellerConnection]:
    """Those that fail since before, of which nobody was told yet."""
    query = select(table).where(
        table.c.dropped_at.is_(None),
        table.c.off_at.is_(None),
        table.c.told_at.is_(None),
        table.c.failing_since <= failing_since,
    )
    return [_connection(row) for row in uow.run(query.order_by(table.c.id))]


def _said(fields: ConnectionFields) -> dict[str, Any]:
    return {
        "system": fields.system,
        "account": fields.account,
        "store": fields.store,
        "places": json.dumps(dict(fields.places), sort_keys=True),
        "client": fields.client,
    }


def _connection(row: Row[Any]) -> SellerConnection:
    places = json.loads(row.places)
    return SellerConnection(
        id=row.id,
        fields=ConnectionFields(row.system, row.account, row.store, places, row.client),
        secret=row.secret,
        token=row.token,
        since=row.since,
        revision=row.revision,
        made_at=row.made_at,
        off_at=row.off_at,
        heard_at=row.heard_at,
        read_to=row.read_to,
        page=row.page,
        due_at=row.due_at,
        failures=row.failures,
        failing_since=row.failing_since,
        problem=row.problem,
    )
