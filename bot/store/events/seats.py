"""Who has a seat in the inner circle."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from rules.events.circle import CircleSeat, SeatState

from ..engine.db import UnitOfWork
from ..tables import circle_seats, members
from ..tables.club import STANDS


def get(uow: UnitOfWork, member_id: int) -> CircleSeat | None:
    return of_members(uow, [member_id]).get(member_id)


def of_members(uow: UnitOfWork, member_ids: Collection[int]) -> dict[int, CircleSeat]:
    """How these members stand, those who were never asked left out."""
    found = select(circle_seats).where(circle_seats.c.member_id.in_(list(member_ids)))
    return {row.member_id: _seat(row) for row in uow.run(found)}


def put(uow: UnitOfWork, seat: CircleSeat) -> None:
    """Writes it, in place of how they stood before."""
    values = {name: getattr(seat, name) for name in CircleSeat.__dataclass_fields__}
    if not uow.insert_new(circle_seats, [values]):
        mine = circle_seats.c.member_id == seat.member_id
        uow.run(update(circle_seats).where(mine).values(values))


def in_state(uow: UnitOfWork, state: SeatState, *, limit: int) -> list[CircleSeat]:
    """Those who stand so, the newest first."""
    found = select(circle_seats).where(circle_seats.c.state == state)
    newest = (circle_seats.c.at.desc(), circle_seats.c.member_id.desc())
    return [_seat(row) for row in uow.run(found.order_by(*newest).limit(limit))]


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many stand how."""
    found = select(circle_seats.c.state, func.count()).group_by(circle_seats.c.state)
    return {state: int(count) for state, count in uow.run(found)}


def seated(uow: UnitOfWork, *, after: int, limit: int) -> Sequence[int]:
    """Members of the circle whose membership runs, by their ids from `after` on."""
    found = (
        select(circle_seats.c.member_id)
        .join(members, members.c.id == circle_seats.c.member_id)
        .where(
            circle_seats.c.state == "in",
            circle_seats.c.member_id > after,
            members.c.membership == "active",
            STANDS,
        )
    )
    return list(uow.run(found.order_by(circle_seats.c.member_id).limit(limit)).scalars())


def end(uow: UnitOfWork, member_id: int, *, at: datetime) -> None:
    """Gives the seat back of whoever leaves the club."""
    mine = (circle_seats.c.member_id == member_id, circle_seats.c.state == "in")
    uow.run(update(circle_seats).where(*mine).values(state="left", at=at))


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """Of two cards that become one the person's latest word counts; an invitation is none."""
    mine, theirs = get(uow, keep_id), get(uow, other_id)
    if theirs is None:
        return
    both = [seat for seat in (mine, theirs) if seat is not None]
    said = [seat for seat in both if seat.state != "invited"]
    latest = max(said or both, key=lambda seat: seat.at)
    invited = max((seat.invited_at for seat in both if seat.invited_at), default=None)
    joined = max((seat.joined_at for seat in both if seat.joined_at), default=None)
    put(uow, replace(latest, member_id=keep_id, invited_at=invited, joined_at=joined))
    forget(uow, [other_id])


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    uow.run(delete(circle_seats).where(circle_seats.c.member_id.in_(member_ids)))


def _seat(row: Row[Any]) -> CircleSeat:
    return CircleSeat(**{name: getattr(row, name) for name in CircleSeat.__dataclass_fields__})
