"""Rewards that systems have set aside for members while a sale is open: until a moment, unless they
are handed out or let go before. When it has come nothing is done: what is over holds nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Row, ScalarSelect, delete, func, insert, select, update

from rules.programme.rewards import Reserved

from ..engine.db import UnitOfWork
from ..tables import reservations, reward_uses

ReservationState = Literal["open", "redeemed", "cancelled"]
_OF = reservations.c


class MayReserve(Protocol):
    """A member, as far as something may be set aside for them."""

    @property
    def id(self) -> int: ...

    @property
    def held_until(self) -> datetime | None: ...

    @property
    def reserved_until(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reward that is, or was, set aside."""

    id: int
    #: The system that did it.
    client: int
    #: For whom.
    member_id: int
    #: Who has the card now: after a merging, whoever took it over.
    holder_id: int
    what: Reserved
    store: str
    made_at: datetime
    #: `open` also where its time is over.
    state: ReservationState
    #: The outside key under which it was handed out.
    action: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it is set aside at that moment."""
        return self.state == "open" and now < self.what.until


def add(uow: UnitOfWork, made: Reservation) -> Reservation:
    """Sets something aside; its `id` is given to it here."""
    row = {
        "client": made.client, "member_id": made.member_id, "holder_id": made.holder_id,
        "reward": made.what.reward, "voucher": made.what.voucher, "points": made.what.points,
        "until": made.what.until, "store": made.store, "made_at": made.made_at,
        "state": made.state,
    }  # fmt: skip
    number = uow.run(insert(reservations).values(row).returning(_OF.id)).scalar_one()
    return get(uow, number) or made


def get(uow: UnitOfWork, number: int) -> Reservation | None:
    """The reservation, as it is at this moment."""
    row = uow.run(select(reservations).where(_OF.id == number)).first()
    return None if row is None else _reservation(row)


def end(uow: UnitOfWork, number: int, state: ReservationState, *, action: str | None) -> None:
    """It is handed out (under the outside key `action`), or let go."""
    uow.run(update(reservations).where(_OF.id == number).values(state=state, action=action))


def open_of(uow: UnitOfWork, holder_id: int, *, now: datetime) -> list[Reservation]:
    """What is set aside for whoever has the card now, what ends soonest first."""
    its = (_OF.holder_id == holder_id, *_is_open(now))
    rows = uow.run(select(reservations).where(*its).order_by(_OF.until, _OF.id))
    return [_reservation(row) for row in rows]


def reserved_for(uow: UnitOfWork, member: MayReserve, *, now: datetime) -> tuple[Reserved, ...]:
    """What is set aside for the member. Nobody is asked where nothing was lately."""
    if member.reserved_until is None or member.reserved_until <= now:
        return ()
    return tuple(each.what for each in open_of(uow, member.id, now=now))


def count_of(now: datetime, *, but: int | None = None) -> ScalarSelect[Any]:
    """How many of a reward are set aside, `but` for one, beside its row of `reward_uses`."""
    its = (_OF.reward == reward_uses.c.reward, *_is_open(now))
    others = () if but is None else (_OF.id != but,)
    count = select(func.count()).select_from(reservations).where(*its, *others)
    return count.correlate(reward_uses).scalar_subquery()


def take_over(uow: UnitOfWork, keep_id: int, other_id: int, given: Mapping[str, int]) -> None:
    """What was set aside for the other's card is the keeper's, who had been `given` so many of each
    reward: the other's vouchers have the numbers after those."""
    _move(uow, [_OF.holder_id == other_id], keep_id, given)


def hand_back(
    uow: UnitOfWork, keep_id: int, cards: Iterable[int], given: Mapping[str, int], *, to: int
) -> None:
    """What was set aside for those cards is that one's again, and no more the keeper's, who had
    been `given` so many of each reward when they took it over."""
    theirs = [_OF.holder_id == keep_id, _OF.member_id.in_(list(cards))]
    _move(uow, theirs, to, {reward: -count for reward, count in given.items()})


def _move(
    uow: UnitOfWork, which: Sequence[ColumnElement[bool]], to: int, shift: Mapping[str, int]
) -> None:
    its = uow.run(select(_OF.id, _OF.reward, _OF.voucher).where(*which)).all()
    for number, reward, voucher in its:
        n = None if voucher is None else max(voucher + shift.get(reward, 0), 1)
        moved = update(reservations).where(_OF.id == number)
        uow.run(moved.values(holder_id=to, voucher=n))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    uow.run(delete(reservations).where(_OF.member_id.in_(member_ids)))


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _OF.state == "open", _OF.until > now


def _reservation(row: Row[Any]) -> Reservation:
    return Reservation(
        row.id, row.client, row.member_id, row.holder_id,
        Reserved(row.reward, row.voucher, row.points, row.until),
        row.store, row.made_at, row.state, row.action,
    )  # fmt: skip
