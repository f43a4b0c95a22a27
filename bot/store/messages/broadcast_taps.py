"""Who tapped a broadcast's button."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select

from ..engine.db import UnitOfWork
from ..tables import broadcast_taps, members


def note(uow: UnitOfWork, member_id: int, broadcast_id: int, *, at: datetime) -> None:
    """Notes a member's first tap; any other changes nothing."""
    row = {"broadcast": broadcast_id, "member_id": member_id, "at": at}
    uow.insert_new(broadcast_taps, [row])


def count(uow: UnitOfWork, broadcast_id: int) -> int:
    """How many members tapped it: who did by two cards that are one by now did so once."""
    its = select(broadcast_taps.c.member_id.label("card"))
    cards = its.where(broadcast_taps.c.broadcast == broadcast_id).cte("cards", recursive=True)
    taken = select(members.c.merged_into).join(cards, members.c.id == cards.c.card)
    cards = cards.union(taken.where(members.c.merged_into.is_not(None)))
    people = select(func.count()).join_from(cards, members, members.c.id == cards.c.card)
    return int(uow.run(people.where(members.c.merged_into.is_(None))).scalar_one())


def of(uow: UnitOfWork, member_ids: Collection[int]) -> list[tuple[int, datetime]]:
    """Which broadcasts' buttons those members tapped, and when."""
    theirs = select(broadcast_taps.c.broadcast, broadcast_taps.c.at)
    mine = theirs.where(broadcast_taps.c.member_id.in_(member_ids))
    return [(row.broadcast, row.at) for row in uow.run(mine.order_by(broadcast_taps.c.at))]


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes that the member tapped any."""
    uow.run(delete(broadcast_taps).where(broadcast_taps.c.member_id.in_(member_ids)))
