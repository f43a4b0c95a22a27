"""Broadcasts as they are kept: written, begun, halted, over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from rules.broadcasts.broadcast import Broadcast, id_of, queued_as
from rules.broadcasts.life import State

from ..engine.db import UnitOfWork
from ..tables import IS_OPEN_BROADCAST, broadcasts, members, outbox
from . import broadcast_taps


@dataclass(frozen=True, slots=True)
class StoredBroadcast:
    """A broadcast, and how far it is."""

    id: int
    broadcast: Broadcast
    revision: int
    state: State
    written_at: datetime
    #: Who of the staff changed it last.
    written_by: int | None
    #: The moment it waits for, or waited.
    send_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    #: The last member that was asked for.
    reached: int
    all_queued: bool
    #: Why it was paused by itself; None where somebody did, or nobody.
    halted: str | None
    #: "first" while a part of the members is written, in versions or before the others; "rest" from
    #: then on.
    stage: Literal["first", "rest"] | None = None
    #: The version that goes to the others; and since when the others are written.
    chosen: str | None = None
    chosen_at: datetime | None = None

    @property
    def is_tried(self) -> bool:
        """Whether all of the first part is queued, and nobody has chosen yet."""
        return self.broadcast.trial is not None and self._has_first_part

    @property
    def waits_for_rest(self) -> bool:
        """Whether those who come first are queued, and the others wait for their day."""
        return self.broadcast.first is not None and self._has_first_part

    @property
    def _has_first_part(self) -> bool:
        return self.state == "sending" and self.stage == "first" and self.all_queued

    @property
    def queued_as(self) -> str:
        """The outbox's name for it."""
        return queued_as(self.id)


def add(uow: UnitOfWork, broadcast: Broadcast, *, by: int | None, at: datetime) -> int:
    """Keeps a new draft; gives its id."""
    row = {
        "contents": _dumped(broadcast), "revision": 1, "state": "draft", "written_at": at,
        "written_by": by,
    }  # fmt: skip
    made = uow.run(insert(broadcasts).values(row).returning(broadcasts.c.id))
    return int(made.scalar_one())


def get(uow: UnitOfWork, broadcast_id: int, *, lock: bool = False) -> StoredBroadcast | None:
    """With `lock` it is nobody else's until the transaction ends."""
    query = select(broadcasts).where(broadcasts.c.id == broadcast_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _stored(row) if row else None


def newest(
    uow: UnitOfWork, *, limit: int, before: int | None = None, begun: bool = False
) -> list[StoredBroadcast]:
    """The newest ones, or those with a smaller id than `before`; of those that were `begun` to be
    sent, or of all."""
    query = select(broadcasts).order_by(broadcasts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(broadcasts.c.id < before)
    if begun:
        query = query.where(broadcasts.c.began_at.is_not(None))
    return [_stored(row) for row in uow.run(query)]


def opened(uow: UnitOfWork) -> list[StoredBroadcast]:
    """Those that the clock has something to do for: they wait, or aren't over."""
    query = select(broadcasts).where(IS_OPEN_BROADCAST).order_by(broadcasts.c.id)
    return [_stored(row) for row in uow.run(query)]


def not_begun(uow: UnitOfWork) -> list[StoredBroadcast]:
    """Those that are still written, or wait."""
    query = select(broadcasts).where(broadcasts.c.began_at.is_(None))
    return [_stored(row) for row in uow.run(query.order_by(broadcasts.c.id))]


def next_moment(uow: UnitOfWork, *, after: datetime) -> datetime | None:
    """For which moment the next one waits; None where none does."""
    waits = (IS_OPEN_BROADCAST, broadcasts.c.state == "waits", broadcasts.c.send_at > after)
    least = func.min(broadcasts.c.send_at, type_=broadcasts.c.send_at.type)
    moment: datetime | None = uow.run(select(least).where(*waits)).scalar()
    return moment


def change(uow: UnitOfWork, broadcast_id: int, **values: Any) -> None:
    """Changes a locked one; what is written counts as a change."""
    if isinstance(values.get("broadcast"), Broadcast):
        values["contents"] = _dumped(values.pop("broadcast"))
    revision = broadcasts.c.revision + 1
    its = update(broadcasts).where(broadcasts.c.id == broadcast_id)
    uow.run(its.values(revision=revision, **values))


def go_on(uow: UnitOfWork, broadcast_id: int, *, reached: int, all_queued: bool) -> None:
    """Notes how far a locked one's members have been asked for."""
    its = update(broadcasts).where(broadcasts.c.id == broadcast_id)
    uow.run(its.values(reached=reached, all_queued=all_queued))


def drop(uow: UnitOfWork, broadcast_id: int) -> None:
    """Throws a draft away."""
    is_draft = broadcasts.c.state == "draft"
    uow.run(delete(broadcasts).where(broadcasts.c.id == broadcast_id, is_draft))


def contents_of(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, Broadcast]:
    """What those say."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = uow.run(
        select(broadcasts.c.id, broadcasts.c.contents).where(broadcasts.c.id.in_(wanted))
    )
    return {row.id: Broadcast.model_validate_json(row.contents) for row in rows}


def states_of(uow: UnitOfWork, journeys: Iterable[str]) -> dict[str, State]:
    """How those broadcasts stand that the outbox calls by these names; of anything else nothing."""
    ids = {number: name for name in set(journeys) if (number := id_of(name)) is not None}
    if not ids:
        return {}
    rows = uow.run(select(broadcasts.c.id, broadcasts.c.state).where(broadcasts.c.id.in_(ids)))
    return {ids[row.id]: row.state for row in rows}


@dataclass(frozen=True, slots=True)
class BroadcastFigures:
    """What became of a broadcast's messages."""

    #: How many, by status and reason.
    fates: dict[tuple[str, str], int]
    #: Of those sent, how many came since.
    came: int = 0
    #: How many members tapped its button.
    tapped: int = 0

    def of(self, *statuses: str) -> int:
        return sum(count for (status, _), count in self.fates.items() if status in statuses)

    @property
    def total(self) -> int:
        return sum(self.fates.values())

    def by_reason(self, status: str) -> list[tuple[str, int]]:
        """Why messages are in that status, most first."""
        found = [(why, count) for (each, why), count in self.fates.items() if each == status]
        return sorted(found, key=lambda each: (-each[1], each[0]))


def _its(journey: str) -> tuple[ColumnElement[bool], ...]:
    # With an arm: the index of a journey's messages is of those.
    return (outbox.c.arm.is_not(None), outbox.c.journey == journey)


def figures(uow: UnitOfWork, stored: StoredBroadcast) -> BroadcastFigures:
    """How its messages stand, and who came since theirs."""
    by = (outbox.c.status, func.coalesce(outbox.c.reason, ""))
    rows = uow.run(select(*by, func.count()).where(*_its(stored.queued_as)).group_by(*by))
    came = (
        select(func.count())
        .join_from(outbox, members, members.c.id == outbox.c.member_id)
        .where(
            *_its(stored.queued_as),
            outbox.c.status == "sent",
            members.c.last_visit_at > outbox.c.sent_at,
        )
    )
    fates = {(status, why): int(count) for status, why, count in rows}
    tapped = broadcast_taps.count(uow, stored.id)
    return BroadcastFigures(fates, int(uow.run(came).scalar_one()), tapped)


def is_under_way(uow: UnitOfWork, stored: StoredBroadcast) -> bool:
    """Whether a message of it waits, or is on its way."""
    is_open = outbox.c.status.in_(("queued", "sending"))
    found = select(outbox.c.member_id).where(*_its(stored.queued_as), is_open).limit(1)
    return uow.run(found).first() is not None


def _dumped(broadcast: Broadcast) -> str:
    return broadcast.model_dump_json(exclude_defaults=True)


def _stored(row: Row[Any]) -> StoredBroadcast:
    known = dict(row._mapping)
    broadcast = Broadcast.model_validate_json(known.pop("contents"))
    return StoredBroadcast(broadcast=broadcast, **known)
