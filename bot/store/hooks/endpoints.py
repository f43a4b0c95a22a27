"""Receivers of events: where they are, what they want to hear, and how they take it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from rules.hooks.kinds import TOPICS, HookTopic

from ..engine.db import UnitOfWork
from ..tables import hook_endpoints as table

#: By its owner; it said "gone" (410); nothing was taken for days; its secret can't be read.
OffReason = Literal["owner", "gone", "failing", "secret"]
#: No database holds a larger id than that, nor has any shop so many.
_ID_MAX = 10**9


@dataclass(frozen=True, slots=True)
class EndpointFields:
    """What an owner says of a receiver."""

    name: str
    url: str
    topics: tuple[HookTopic, ...]
    #: None: it hears of all.
    store: str | None = None


@dataclass(frozen=True, slots=True)
class HookEndpoint:
    """A receiver."""

    id: int
    fields: EndpointFields
    #: Sealed.
    secret: str = field(repr=False)
    secret_at: datetime
    #: Sealed; None where the secret didn't change, or long ago.
    old_secret: str | None = field(repr=False)
    old_until: datetime | None
    revision: int
    made_at: datetime
    off_at: datetime | None
    off_reason: OffReason | None
    failures: int
    taken_at: datetime | None
    rests_until: datetime | None
    dropped_at: datetime | None

    @property
    def is_on(self) -> bool:
        return self.off_at is None and self.dropped_at is None

    def is_rotating(self, now: datetime) -> bool:
        """Whether there is a signature by the secret of before too."""
        return self.old_secret is not None and self.old_until is not None and now < self.old_until

    def hears(self, topic: str, store: str | None) -> bool:
        """Whether it is told of such an event."""
        if not self.is_on or (topic != "test" and topic not in self.fields.topics):
            return False
        return self.fields.store in (None, store)


def every(uow: UnitOfWork) -> list[HookEndpoint]:
    """Those that there are, on or off, in the order of making."""
    rows = uow.run(select(table).where(table.c.dropped_at.is_(None)).order_by(table.c.id))
    return [_endpoint(row) for row in rows]


def lock_all(uow: UnitOfWork) -> None:
    """Lets nobody else who locks them add one until the transaction ends, where there is any."""
    uow.run(select(table.c.id).order_by(table.c.id).with_for_update()).all()


def get(uow: UnitOfWork, endpoint_id: int, *, lock: bool = False) -> HookEndpoint | None:
    """None where there is none, or it was dropped."""
    if not 0 < endpoint_id < _ID_MAX:
        return None
    mine = select(table).where(table.c.id == endpoint_id, table.c.dropped_at.is_(None))
    row = uow.run(mine.with_for_update() if lock else mine).first()
    return None if row is None else _endpoint(row)


def dropped(uow: UnitOfWork, endpoint_id: int) -> HookEndpoint | None:
    """One that was taken away; None where it wasn't, or never was."""
    gone = select(table).where(table.c.id == endpoint_id, table.c.dropped_at.is_not(None))
    row = uow.run(gone).first() if 0 < endpoint_id < _ID_MAX else None
    return None if row is None else _endpoint(row)


def locked(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, HookEndpoint]:
    """Several, theirs alone until the transaction ends."""
    query = select(table).where(table.c.id.in_(sorted(set(ids)))).order_by(table.c.id)
    return {row.id: _endpoint(row) for row in uow.run(query.with_for_update())}


def add(uow: UnitOfWork, fields: EndpointFields, secret: str, *, at: datetime) -> int:
    row = {**_said(fields), "secret": secret, "secret_at": at, "revision": 1, "made_at": at}
    return int(uow.run(insert(table).values(row).returning(table.c.id)).scalar_one())


def rewrite(uow: UnitOfWork, known: HookEndpoint, fields: EndpointFields) -> None:
    """Puts what is said of it now in the place of what was."""
    change(uow, known.id, revision=known.revision + 1, **_said(fields))


def change(uow: UnitOfWork, endpoint_id: int, **to: Any) -> None:
    uow.run(update(table).where(table.c.id == endpoint_id).values(**to))


def put_off(uow: UnitOfWork, endpoint_id: int, reason: OffReason, *, at: datetime) -> None:
    """Turns it off; one that is off stays so for its reason."""
    uow.run(
        update(table)
        .where(table.c.id == endpoint_id, table.c.off_at.is_(None))
        .values(off_at=at, off_reason=reason, told_at=at if reason == "owner" else None)
    )


def untold(uow: UnitOfWork) -> list[HookEndpoint]:
    """Those that went off by themselves, of which nobody was told yet."""
    query = select(table).where(
        table.c.off_at.is_not(None), table.c.told_at.is_(None), table.c.dropped_at.is_(None)
    )
    return [_endpoint(row) for row in uow.run(query.order_by(table.c.id))]


def _said(fields: EndpointFields) -> dict[str, Any]:
    return {
        "name": fields.name,
        "url": fields.url,
        "topics": " ".join(fields.topics),
        "store": fields.store,
    }


def _endpoint(row: Row[Any]) -> HookEndpoint:
    wanted = row.topics.split()
    topics = tuple(each for each in TOPICS if each in wanted)
    return HookEndpoint(
        id=row.id,
        fields=EndpointFields(row.name, row.url, topics, row.store),
        secret=row.secret,
        secret_at=row.secret_at,
        old_secret=row.old_secret,
        old_until=row.old_until,
        revision=row.revision,
        made_at=row.made_at,
        off_at=row.off_at,
        off_reason=row.off_reason,
        failures=row.failures,
        taken_at=row.taken_at,
        rests_until=row.rests_until,
        dropped_at=row.dropped_at,
    )
